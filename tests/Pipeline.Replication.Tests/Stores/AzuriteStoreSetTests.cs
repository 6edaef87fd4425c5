using Azure.Storage.Blobs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Registers;
using Pipeline.Replication.Scrubbing;
using Pipeline.Replication.Stores;
using Pipeline.Replication.Tests.Scrubbing;
using Pipeline.Runtime.Catalog;
using Pipeline.Storage.AzureBlob.Containers;
using Pipeline.TestKit.Programs;
using Pipeline.TestKit.Replicas;
using Pipeline.TestKit.Stores;
using Xunit;

namespace Pipeline.Replication.Tests.Stores;

/// <summary>Three stores in three Azurite processes.</summary>
public sealed class AzuriteStoreSetTests : IAsyncLifetime
{
    private static readonly StoreSetOptions Quick = new() { ProbeInterval = TimeSpan.FromMilliseconds(100) };
    private readonly string _container = $"t{Guid.NewGuid():n}";
    private readonly DirectoryStores _loops = new();
    private readonly List<Azurite> _services = [];

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            _services.Add(await Azurite.StartAsync(i));
        }
    }

    public ValueTask DisposeAsync() => _loops.DisposeAsync();

    [Fact]
    public async Task A_deleted_container_is_filled_again_and_votes()
    {
        using var set = new StoreSet(Slots(), _loops.Loop, new Random(5), Quick);
        using var scrubber = new Scrubber(set, new CatalogLogs(), _loops.Loop);
        set.Filler = scrubber;
        await _loops.OnLoopAsync(async () =>
        {
            Assert.Equal(new StoreSetOutcome(StoreSetResult.Opened), await set.OpenAsync(default));
            await ClosedLog.WriteAsync(set);
            set.Watch();
            return true;
        });
        await DirectoryStores.AllUpAsync(set);
        var former = set.Members[1].Id;

        await new BlobContainerClient(_services[1].ConnectionString, _container).DeleteAsync();

        await Eventually.TrueAsync(() => set.Members[1].Id != former, () => string.Join('\n', set.Status));
        await DirectoryStores.AllUpAsync(set);
        var report = await StoreVerification.RunAsync(Slots(), new CatalogLogs(), TimeProvider.System);
        Assert.True(report.IsIdentical, string.Join('\n', report.Findings));
        Assert.Equal(3, report.ClosedSegments);
        var read = await _loops.OnLoopAsync(() =>
            set.Registers.Open(new BlobName("registers/logs/1/0")).ReadAsync(default));
        Assert.Equal(RegisterStatus.Chosen, read.Status);
    }

    private AzureBlobSlot[] Slots() => [.. _services.Select((service, i) =>
        new AzureBlobSlot($"{i}", $"{service.ConnectionString};Container={_container}"))];
}
