using System.Security.Cryptography;
using Pipeline.Grains;
using Pipeline.Grains.Keeping;
using Pipeline.Grains.Membership;
using Pipeline.Http.Metrics;
using Pipeline.Http.Telemetry;
using Pipeline.Kernel.Logs;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Pipelines;
using Pipeline.Silo.Health;
using Pipeline.Silo.Options;
using Pipeline.Storage.AzureBlob.Containers;

namespace Pipeline.Silo.Hosting;

/// <summary>The composition root of a silo: stores, grains, health.</summary>
internal sealed class SiloHost(SiloOptions options, WebApplicationBuilder builder)
{
    private const int BlobSegmentFrames = 2000;
    private const int Stopped = 0;
    private const int Refused = 2;

    /// <summary>Stages write checkpoints and partitions drain in it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public async Task<int> RunAsync()
    {
        using var telemetry = new EngineTelemetry();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = Grace);
        builder.Services.AddSingleton<SyntheticCommit>();
        builder.Host.UseOrleans(silo =>
        {
            silo.AddPipelineGrains(services => Node(services, telemetry)).UseMembership(options.Membership);
            if (builder.HasTelemetryExport())
            {
                silo.AddActivityPropagation();
            }
        });
        builder.AddTelemetryExport("pipeline-silo");
        builder.Services.AddSingleton<HealthEndpoints>();
        builder.Services.AddSingleton<GrainsEndpoint>();
        builder.WebHost.UseUrls([.. options.Urls]);
        await using var app = builder.Build();
        app.Services.GetRequiredService<HealthEndpoints>().Map(app);
        app.Services.GetRequiredService<GrainsEndpoint>().Map(app);
        var node = app.Services.GetRequiredService<ClusterNode>();
        using var gauges = new PartitionGauges(
            () => node.Stores, () => node.Partitions.Select(static known => (known.Stream.Value, known.Status)));
        node.Open();
        await app.StartAsync();
        var stopped = app.WaitForShutdownAsync();
        await Task.WhenAny(stopped, FailedAsync(node));
        if (node.Opened.IsFaulted)
        {
            await Console.Error.WriteLineAsync(node.Opened.Exception.InnerException!.Message);
            await app.StopAsync();
            return Refused;
        }

        await stopped;
        return Stopped;
    }

    private static async Task FailedAsync(ClusterNode node)
    {
        await Task.WhenAny(node.Opened);
        if (!node.Opened.IsFaulted)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        }
    }

    private ClusterNode Node(IServiceProvider services, EngineTelemetry telemetry)
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var log = loggers.CreateLogger("Pipeline");
        telemetry.LogTo(loggers);
        var isBlobStorage = options.Slots.Any(static slot => slot is AzureBlobSlot);
        return new ClusterNode(
            telemetry.Observe(new EngineHost
            {
                Slots = options.Slots,
                NewLoop = name => new ThreadLoop(name, fault => log.LogLoopFault(name, fault)),
                Draw = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
                Name = $"{Environment.MachineName}:{Environment.ProcessId}",
            }),
            new EngineOptions
            {
                // Blob storage is replayed at a few milliseconds a block, so segments there end sooner.
                Partitions = new PartitionOptions
                {
                    Log = isBlobStorage ? new LogOptions { RollFrames = BlobSegmentFrames } : new LogOptions(),
                },
                Pipelines = new PipelineSettings
                {
                    DataDirectory = options.Data,
                    CodeDirectory = options.Code,
                    StateBytes = options.StateBytes,
                    Variables = Environment.GetEnvironmentVariable,
                },
            },
            services.GetRequiredService<GrainCluster>());
    }
}
