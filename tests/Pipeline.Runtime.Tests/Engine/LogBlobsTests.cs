using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Stores;
using Pipeline.Runtime.Engine;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Engine;

public sealed class LogBlobsTests : IAsyncLifetime
{
    private static readonly LogId Log = new(7, 0);
    private static readonly BlobName Register = LogNames.Register(Log);
    private static readonly BlobName Segment = LogNames.Segment(Log, new SegmentId(new Epoch(1), 0));

    private readonly DirectoryStores _stores = new();
    private StoreSet _set = null!;

    public async ValueTask InitializeAsync()
    {
        _set = await _stores.OpenAsync();
        foreach (var member in _set.Members)
        {
            await member.Store.PutAsync(Register, new byte[10], PutCondition.IfAbsent, default);
            await member.Store.PutAsync(Segment, new byte[10], PutCondition.IfAbsent, default);
        }
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task A_deleted_log_has_nothing_left_on_any_store()
    {
        Assert.True(await LogBlobs.DeleteAsync(_set, Log, default));
        Assert.Equal(0, await LeftAsync());
        Assert.True(await LogBlobs.DeleteAsync(_set, Log, default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_copied_back_while_the_last_store_deletes_is_not_forgotten(bool isRegister)
    {
        var back = isRegister ? Register : Segment;
        var last = new CopyingBack(_set.Members[2].Store, _set.Members[0].Store, back);
        var copied = new FixedStores([_set.Members[0], _set.Members[1], _set.Members[2] with { Store = last }], 2);

        Assert.False(await LogBlobs.DeleteAsync(copied, Log, default));
        Assert.Equal(1, await LeftAsync());
        Assert.True(await LogBlobs.DeleteAsync(_set, Log, default));
        Assert.Equal(0, await LeftAsync());
    }

    private async Task<int> LeftAsync()
    {
        var left = 0;
        foreach (var member in _set.Members)
        {
            left += (await member.Store.GetAsync(Register, default)).IsOk ? 1 : 0;
            left += (await member.Store.ListAsync(LogNames.Prefix(Log), default)).Items.Count;
        }

        return left;
    }

    /// <summary>As a repair does that had read the blob before it was deleted.</summary>
    private sealed class CopyingBack(IBlobStore store, IBlobStore first, BlobName back) : DelegatingStore(store)
    {
        public override async ValueTask<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken)
        {
            if (name == Register)
            {
                await first.PutAsync(back, new byte[10], PutCondition.IfAbsent, cancellationToken);
            }

            return await base.DeleteAsync(name, cancellationToken);
        }
    }
}
