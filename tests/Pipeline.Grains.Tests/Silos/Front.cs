using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Grains.Clients;
using Pipeline.Grains.Keeping;
using Pipeline.Runtime.Engine;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Tests.Silos;

/// <summary>What a front knows of a cluster, beside the one that the world has.</summary>
internal sealed class Front : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _services;

    private Front(ClusterEngine engine, ServiceProvider services) => (Engine, _services) = (engine, services);

    public ClusterEngine Engine { get; }

    public static async Task<Front> StartAsync(GrainWorld world)
    {
        var services = new ServiceCollection().AddSingleton(world.Grains).BuildServiceProvider();
        var engine = new ClusterEngine(
            world.Grains,
            new GrainCluster(services, TimeProvider.System),
            TimeProvider.System,
            NullLogger<ClusterEngine>.Instance);
        await engine.StartAsync(default);
        await Eventually.IsTrueAsync(
            () => Task.FromResult(engine.State == EngineState.Running), Patience, "the front knows the catalog");
        return new Front(engine, services);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync(default);
        Engine.Dispose();
        await _services.DisposeAsync();
    }
}
