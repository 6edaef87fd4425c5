using Pipeline.Kernel.Identity;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;

namespace Pipeline.TestKit.Replicas;

/// <summary>Three formatted directory stores below a temporary directory, opened as one process opens them.</summary>
public sealed class ThreeStores : IAsyncDisposable
{
    private readonly DirectoryInfo _parent;
    private readonly bool _isOwner;
    private readonly List<DirectorySlot> _slots = [];

    private ThreeStores(DirectoryInfo parent, bool isOwner) => (_parent, _isOwner) = (parent, isOwner);

    public List<StoreMember> Members { get; } = [];

    public IStoreSet Set => new FixedStores([.. Members], 2);

    public string Root(int store) => Path.Combine(_parent.FullName, $"{store + 1}");

    public static async Task<ThreeStores> FormatAsync()
    {
        var stores = new ThreeStores(Directory.CreateTempSubdirectory("pipeline-log-"), isOwner: true);
        for (var i = 0; i < 3; i++)
        {
            var id = new StoreId((UInt128)(i + 1) << 64 | 7);
            var slot = stores.Slot(i);
            Assert.True((await slot.IdentifyAsync(id, default)).IsOk);
            Assert.True((await slot.MarkFormattedAsync(id, default)).IsOk);
            stores.Members.Add(new StoreMember(slot.Name, id, slot.Open(id)));
        }

        return stores;
    }

    /// <summary>Three places where nothing lies, for whoever makes stores of them.</summary>
    public static (ThreeStores Stores, IReadOnlyList<IStoreSlot> Slots) Blank()
    {
        var stores = new ThreeStores(Directory.CreateTempSubdirectory("pipeline-log-"), isOwner: true);
        return (stores, [.. Enumerable.Range(0, 3).Select(stores.Slot)]);
    }

    /// <summary>Opens what lies in the places now.</summary>
    public async Task OpenAsync()
    {
        Members.Clear();
        foreach (var slot in _slots)
        {
            var probe = await slot.ProbeAsync(default);
            Assert.Equal(StoreCondition.Formatted, probe.Condition);
            Members.Add(new StoreMember(slot.Name, probe.Id, slot.Open(probe.Id)));
        }
    }

    /// <summary>The same stores once more, as another process would open them.</summary>
    public ThreeStores Again()
    {
        var again = new ThreeStores(_parent, isOwner: false);
        for (var i = 0; i < 3; i++)
        {
            var slot = again.Slot(i);
            again.Members.Add(new StoreMember(slot.Name, Members[i].Id, slot.Open(Members[i].Id)));
        }

        return again;
    }

    /// <summary>Puts something between the log and one store.</summary>
    public void Decorate(int store, Func<IBlobStore, IBlobStore> decorate) =>
        Members[store] = Members[store] with { Store = decorate(Members[store].Store) };

    public async ValueTask DisposeAsync()
    {
        _slots.ForEach(slot => slot.Dispose());
        for (var attempt = 0; _isOwner && _parent.Exists; attempt++)
        {
            try
            {
                _parent.Delete(recursive: true);
            }
            catch (IOException) when (attempt < 100)
            {
                // What was under way when a process was killed may still write.
                await Task.Delay(10);
            }

            _parent.Refresh();
        }
    }

    private DirectorySlot Slot(int store)
    {
        var slot = new DirectorySlot($"{store + 1}", Root(store), new DirectoryStoreOptions { Ballast = 1 << 16 });
        _slots.Add(slot);
        return slot;
    }
}
