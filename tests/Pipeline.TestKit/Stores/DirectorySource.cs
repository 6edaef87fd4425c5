using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;

namespace Pipeline.TestKit.Stores;

/// <summary>A directory of its own below the system's temporary one.</summary>
public class DirectorySource : StoreSource
{
    private readonly List<DirectorySlot> _slots = [];
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("pipeline-store-");

    public string Root => Path.Combine(_parent.FullName, "1");

    public override ValueTask<IStoreSlot> NewSlotAsync()
    {
        var slot = new DirectorySlot("1", Root, new DirectoryStoreOptions { Ballast = 1 << 16 });
        _slots.Add(slot);
        return new(slot);
    }

    public override ValueTask DisposeAsync()
    {
        _slots.ForEach(slot => slot.Dispose());
        _parent.Delete(recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
