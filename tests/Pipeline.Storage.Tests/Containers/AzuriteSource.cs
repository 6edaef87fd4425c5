using Pipeline.Storage.AzureBlob.Containers;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Programs;
using Pipeline.TestKit.Stores;

namespace Pipeline.Storage.Tests.Containers;

/// <summary>A container of its own in Azurite.</summary>
public sealed class AzuriteSource : StoreSource
{
    private readonly string _container = $"t{Guid.NewGuid():n}";

    public override async ValueTask<IStoreSlot> NewSlotAsync()
    {
        var azurite = await Azurite.StartAsync();
        return new AzureBlobSlot("a", $"{azurite.ConnectionString};Container={_container}");
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
