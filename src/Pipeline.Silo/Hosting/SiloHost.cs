using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pipeline.Grains;
using Pipeline.Grains.Membership;
using Pipeline.Grains.Restarts;
using Pipeline.Http.Hosting;
using Pipeline.Http.Telemetry;
using Pipeline.Monitoring.Metrics;
using Pipeline.Runtime.Clusters;
using Pipeline.Silo.Health;
using Pipeline.Silo.Options;
using Pipeline.Storage.Metering;

namespace Pipeline.Silo.Hosting;

/// <summary>The composition root of a silo: stores, grains, health. One runs from its start to its end.</summary>
internal sealed class SiloHost(SiloOptions options, WebApplicationBuilder builder)
{
    /// <summary>Stages write checkpoints and partitions drain in it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>
    /// For each step of letting go of what a dead silo held: its partitions are served elsewhere, so there is nothing
    /// to wait for but threads that hang in a call.
    /// </summary>
    private static readonly TimeSpan DeadGrace = TimeSpan.FromSeconds(1);

    /// <summary>When it has ended, nothing of it runs any more, and nothing is held that another one needs.</summary>
    public async Task<SiloEnd> RunAsync(CancellationToken stop)
    {
        var engine = new SiloEngine(options);
        var app = Build(engine);
        var end = SiloEnd.Stopped;
        try
        {
            end = await LiveAsync(app, stop);
            return end;
        }
        finally
        {
            var grace = end.ExitCode is null ? DeadGrace : Grace;
            await WithinAsync(app.DisposeAsync().AsTask(), grace);
            await WithinAsync(Task.Run(engine.Dispose, CancellationToken.None), grace);
        }
    }

    private static async Task<SiloEnd> LiveAsync(WebApplication app, CancellationToken stop)
    {
        var node = app.Services.GetRequiredService<ClusterNode>();
        var death = app.Services.GetRequiredService<SiloDeath>();
        using var gauges = new PartitionGauges(
            app.Services.GetRequiredService<MeterScope>(),
            () => node.Stores, () => node.Partitions.Select(static known => (known.Stream.Value, known.Status)));
        using var stopping = stop.Register(app.Lifetime.StopApplication);
        node.Open();
        var started = app.StartAsync(CancellationToken.None);
        await Task.WhenAny(started, death.Told);
        if (!death.Told.IsCompleted)
        {
            await started;
            await Task.WhenAny(app.WaitForShutdownAsync(CancellationToken.None), RefusedAsync(node), death.Told);
        }

        if (death.Told.IsCompleted)
        {
            await LetGoAsync(app);
            return SiloEnd.Dead(await death.Told);
        }

        if (node.Opened.IsFaulted)
        {
            await app.StopAsync(CancellationToken.None);
            return SiloEnd.Refused(node.Opened.Exception.InnerException!.Message);
        }

        return SiloEnd.Stopped;
    }

    /// <summary>Completes when a person must look at the stores.</summary>
    private static async Task RefusedAsync(ClusterNode node)
    {
        await Task.WhenAny(node.Opened);
        if (!node.Opened.IsFaulted)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>
    /// Listeners close and grains end, without waiting for what they do: the token says that there is no time.
    /// </summary>
    private static async Task LetGoAsync(WebApplication app)
    {
        var none = new CancellationToken(canceled: true);

        // Clients have long found the others; the gateway need not wait until they hear that it closes.
        app.Services.GetRequiredService<IOptions<Orleans.Configuration.SiloMessagingOptions>>().Value
            .ClientGatewayShutdownNotificationTimeout = TimeSpan.Zero;
        await WithinAsync(app.StopAsync(none), DeadGrace);

        // Of a silo that had not started, the host does not stop what had: its listeners.
        await WithinAsync(app.Services.GetRequiredService<ISiloLifecycleSubject>().OnStop(none), DeadGrace);
    }

    private static async Task WithinAsync(Task work, TimeSpan limit) =>
        await work.WaitAsync(limit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private WebApplication Build(SiloEngine engine)
    {
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = Grace);
        builder.Services.AddSingleton<SyntheticCommit>();
        builder.Services.AddSingleton(engine.Scope);
        builder.Services.AddSingleton(engine.Supervisor);
        builder.Host.UseOrleans(silo =>
        {
            silo.AddPipelineGrains(engine.CreateNode).UseMembership(options.Membership);
            silo.Services.AddSingleton<SiloDeath>();
            silo.Services.AddSingleton<IFatalErrorHandler>(static services =>
                services.GetRequiredService<SiloDeath>());
            if (builder.HasTelemetryExport())
            {
                silo.AddActivityPropagation();
            }
        });
        builder.AddTelemetryExport("pipeline-silo");
        builder.Services.AddSingleton<HealthEndpoints>();
        builder.Services.AddSingleton<GrainsEndpoint>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddMetricsText();
        builder.WebHost.UseUrls([.. options.Urls]);
        StoppableServer.AddTo(builder.Services);
        var app = builder.Build();
        app.Services.GetRequiredService<HealthEndpoints>().Map(app);
        app.Services.GetRequiredService<GrainsEndpoint>().Map(app);
        app.MapMetrics();
        return app;
    }
}
