namespace Pipeline.Grains.Tests.Silos;

/// <summary>A cluster that the tests of a class share.</summary>
public sealed class TwoSilos : IAsyncLifetime
{
    internal GrainWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await GrainWorld.StartAsync(silos: 2);

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
