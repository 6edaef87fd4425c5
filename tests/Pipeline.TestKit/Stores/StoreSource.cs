using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Stores;

/// <summary>Where a contract suite gets one blank place for a store from, and opens it as often as it likes.</summary>
public abstract class StoreSource : IAsyncDisposable
{
    private static readonly Random Ids = new(0x5107);

    /// <summary>A slot over the same place each time, sharing nothing in memory with the ones before.</summary>
    public abstract ValueTask<IStoreSlot> NewSlotAsync();

    /// <summary>Puts the decorator under test around a store; by itself, none.</summary>
    public virtual IBlobStore Decorate(IBlobStore store) => store;

    /// <summary>The largest append that is tried, in bytes.</summary>
    public virtual int LargeAppend => 32 << 20;

    public abstract ValueTask DisposeAsync();

    public static StoreId NewId()
    {
        lock (Ids)
        {
            return new StoreId(new UInt128((ulong)Ids.NextInt64(), (ulong)Ids.NextInt64()));
        }
    }

    /// <summary>Formats the place, which must be blank, and opens it.</summary>
    public async ValueTask<IBlobStore> FormatAsync()
    {
        var slot = await NewSlotAsync();
        var id = NewId();
        var identified = await slot.IdentifyAsync(id, default);
        Assert.True(identified.IsOk, $"{identified}");
        var marked = await slot.MarkFormattedAsync(id, default);
        Assert.True(marked.IsOk, $"{marked}");
        return Decorate(slot.Open(id));
    }

    /// <summary>Opens the same store once more, as another process would.</summary>
    public async ValueTask<IBlobStore> OpenAgainAsync(IBlobStore store) =>
        Decorate((await NewSlotAsync()).Open(store.Id));
}
