using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Pipeline.Grains.Tests.Silos;

namespace Pipeline.Grains.Tests.Storage;

public sealed class ReplicatedStorageTests : GrainStorageConformance, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-grains-").FullName;
    private RunningSilo _silo = null!;

    protected override IGrainStorage Storage => _silo.Services.GetRequiredKeyedService<IGrainStorage>("replicated");

    public async ValueTask InitializeAsync() => _silo = await RunningSilo.StartAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_grain_finds_its_state_after_the_silo_was_started_again()
    {
        var grain = _silo.Grains.GetGrain<ICounterGrain>("x");
        Assert.Equal(1, await grain.AddAsync());
        Assert.Equal(2, await grain.AddAsync());
        await _silo.DisposeAsync();
        _silo = await RunningSilo.StartAsync(_folder);
        grain = _silo.Grains.GetGrain<ICounterGrain>("x");
        Assert.Equal(2, await grain.GetAsync());
        await grain.ClearAsync();
        Assert.Equal(1, await grain.AddAsync());
    }
}
