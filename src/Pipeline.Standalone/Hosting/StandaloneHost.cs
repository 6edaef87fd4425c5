using System.Security.Cryptography;
using Pipeline.Http.Engine;
using Pipeline.Http.Hosting;
using Pipeline.Http.Telemetry;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Engine;
using Pipeline.Standalone.Options;
using Pipeline.Storage.AzureBlob.Containers;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;

namespace Pipeline.Standalone.Hosting;

/// <summary>
/// The composition root: one engine on the machine's stores, and its HTTP interface. Listens before it opens anything,
/// so that a process whose port is taken takes nothing over.
/// </summary>
internal sealed class StandaloneHost(
    StandaloneOptions options, IReadOnlyList<IStoreSlot> slots, WebApplicationBuilder builder)
{
    private const int BlobSegmentFrames = 2000;

    private static readonly TimeSpan ServePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ServePoll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public async Task<int> RunAsync()
    {
        var draw = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        using var telemetry = new EngineTelemetry();
        telemetry.Watch(slots);
        var engine = new PipelineEngine(
            telemetry.Observe(new EngineHost
            {
                Slots = slots,
                NewLoop = name => new ThreadLoop(name, telemetry.Supervisor),
                Draw = draw,
                Name = $"{Environment.MachineName}:{Environment.ProcessId}",
            }),
            new EngineOptions
            {
                Partitions = new PartitionOptions { Log = LogOf(slots) },
                Pipelines = options.Settings with
                {
                    StoreDirectories = [.. slots.OfType<DirectorySlot>().Select(static slot => slot.Root)],
                    StateBytes = options.StateBytes,
                },
            });
        builder.Services.AddSingleton(telemetry.Scope);
        builder.Services.AddPipelineHttp(engine, HttpOptions(), draw);
        builder.AddTelemetryExport("pipeline-standalone");
        builder.WebHost.UseUrls([.. options.Urls.Concat(options.HealthUrls).Select(u => u.ToString())]);
        await using var app = builder.Build();
        telemetry.LogTo(app.Services.GetRequiredService<ILoggerFactory>());
        app.MapPipelineHttp();
        try
        {
            await app.StartAsync();
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync($"Cannot listen: {exception.Message}");
            return ExitCode.Failed;
        }

        var code = await RunEngineAsync(app, engine);
        using var limit = new CancellationTokenSource(Grace);
        await app.StopAsync(limit.Token);
        await engine.StopAsync(CancellationToken.None);
        return code;
    }

    private PipelineHttpOptions HttpOptions() => new()
    {
        Access = options.Access,
        Alerts = options.Alerts,
        HealthPorts = [.. options.HealthUrls.Select(static url => url.Port)],
    };

    /// <summary>Blob storage is replayed at a few milliseconds a block, so segments there end sooner.</summary>
    private static LogOptions LogOf(IReadOnlyList<IStoreSlot> slots) => slots.Any(slot => slot is AzureBlobSlot)
        ? new LogOptions { RollFrames = BlobSegmentFrames }
        : new LogOptions();

    private async Task<int> RunEngineAsync(WebApplication app, PipelineEngine engine)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        EngineState state;
        try
        {
            state = await engine.StartAsync(stopping);
            if (state == EngineState.Running)
            {
                var errors = await DefinitionFiles.ApplyAsync(
                    options,
                    engine.Pipelines,
                    app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Pipeline.Definitions"),
                    engine.Ended,
                    stopping);
                if (errors.Count > 0)
                {
                    return await RefuseAsync(errors);
                }

                if (engine.Ended.IsCompleted)
                {
                    return await EndAsync(await engine.Ended, engine.Health.Detail);
                }

                await ServesAsync(engine, stopping);
                app.SetPipelineReady();
                Console.WriteLine(Banner.Text(options, engine));
                var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var registration = stopping.Register(stopped.SetResult);
                await Task.WhenAny(engine.Ended, stopped.Task);
                state = engine.Ended.IsCompleted ? await engine.Ended : EngineState.Stopped;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return ExitCode.Stopped;
        }

        return await EndAsync(state, engine.Health.Detail);
    }

    /// <summary>What the first screen says to do must work at once; without a majority of stores it is late.</summary>
    private static async Task ServesAsync(PipelineEngine engine, CancellationToken stopping)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!engine.Health.IsAccepting && !engine.Ended.IsCompleted
            && TimeProvider.System.GetElapsedTime(start) < ServePatience)
        {
            await Task.Delay(ServePoll, TimeProvider.System, stopping);
        }
    }

    private static async Task<int> EndAsync(EngineState state, string? detail)
    {
        switch (state)
        {
            case EngineState.Fenced:
                await Console.Error.WriteLineAsync("Another process took over this data; this one has stopped.");
                return ExitCode.Fenced;
            case EngineState.Refused:
                return await RefuseAsync([detail ?? "The engine refuses to run on this data."]);
            default:
                return ExitCode.Stopped;
        }
    }

    public static async Task<int> RefuseAsync(IEnumerable<string> errors)
    {
        foreach (var error in errors)
        {
            await Console.Error.WriteLineAsync(error);
        }

        return ExitCode.Refused;
    }
}
