using Pipeline.Kernel.Identity;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Directories;

namespace Pipeline.Benchmarks.Log;

/// <summary>Three blank directory stores below a temporary directory.</summary>
internal sealed class DirectoryStores : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("pipeline-bench-");
    private readonly List<DirectorySlot> _slots = [];

    public IStoreSet Set { get; private set; } = new FixedStores([], 2);

    public static async Task<DirectoryStores> FormatAsync()
    {
        var stores = new DirectoryStores();
        var members = new List<StoreMember>();
        for (var i = 1; i <= 3; i++)
        {
            var slot = new DirectorySlot(
                $"{i}", Path.Combine(stores._parent.FullName, $"{i}"), new DirectoryStoreOptions());
            stores._slots.Add(slot);
            var id = new StoreId((UInt128)i);
            await slot.IdentifyAsync(id, default);
            await slot.MarkFormattedAsync(id, default);
            members.Add(new StoreMember(slot.Name, id, slot.Open(id)));
        }

        stores.Set = new FixedStores(members, 2);
        return stores;
    }

    public void Dispose()
    {
        _slots.ForEach(slot => slot.Dispose());
        _parent.Delete(recursive: true);
    }
}
