using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Pipeline.Grains.Tests.Silos;
using Pipeline.TestKit.Programs;

namespace Pipeline.Grains.Tests.Storage;

/// <summary>The single-account choice, as configuration alone brings it about, against Azurite.</summary>
public sealed class AzureGrainStorageTests : GrainStorageConformance, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-grains-").FullName;
    private RunningSilo _silo = null!;

    protected override IGrainStorage Storage => _silo.Services.GetRequiredKeyedService<IGrainStorage>("account");

    public async ValueTask InitializeAsync() => _silo = await RunningSilo.StartAsync(_folder, settings: new()
    {
        ["Orleans:GrainStorage:account:ProviderType"] = "AzureBlobStorage",
        ["Orleans:GrainStorage:account:ConnectionString"] = (await Azurite.StartAsync()).ConnectionString,
        ["Orleans:GrainStorage:account:ContainerName"] = $"grains-{Guid.NewGuid():N}",
    });

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
