using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>
/// Whether the incarnation a store is bound to is still what lies there. Invariants:
/// <list type="bullet">
/// <item>Once lost, lost for good: nothing counts any more that is written through this object.</item>
/// <item>A failed fsync poisons the incarnation, for other processes too: what the disk holds is unknown, while the
/// page cache may go on showing what was never written.</item>
/// <item>The identity file must stay the same file (device and inode): a root that was removed, moved away or replaced
/// by a copy is not this incarnation.</item>
/// </list>
/// </summary>
internal sealed class StorePresence(string root, StoreId id)
{
    private readonly Lock _gate = new();
    private readonly string _path = Path.Combine(root, "identity");
    private FileStatus _identity;
    private volatile bool _known;
    private volatile string? _lost;

    /// <summary>Why the store is lost; null while it is not.</summary>
    public string? Lost => _lost;

    /// <summary>Looks whether the identity is still there; finds it out the first time.</summary>
    public bool Check()
    {
        if (_lost is not null)
        {
            return false;
        }

        if (!_known && !Learn())
        {
            return false;
        }

        if (!PosixFile.TryStatus(_path, out var status))
        {
            return Lose("its identity file was removed");
        }

        if (!status.IsSameFile(_identity))
        {
            Replaced();
        }

        return _lost is null;
    }

    public void Poison(string reason)
    {
        Lose(reason);
        try
        {
            using var mark = PosixFile.CreateNew(Path.Combine(root, "poisoned"));
            if (mark is not null)
            {
                var text = Encoding.UTF8.GetBytes($"{id} {reason}\n");
                GatherWrite.Write(mark, "poisoned", 0, [text]);
            }
        }
        catch (PosixException)
        {
            // The mark is for processes to come while the page cache lives; a disk that refuses it says so itself.
        }
    }

    /// <summary>
    /// The same identity in another file is a copy, a restored backup perhaps: it has forgotten promises.
    /// </summary>
    private void Replaced()
    {
        const string Reason = "its identity file was replaced";
        if (StoreFiles.Probe(root).Id == id)
        {
            Poison(Reason);
        }

        Lose(Reason);
    }

    private bool Learn()
    {
        lock (_gate)
        {
            var found = StoreFiles.Probe(root);
            if (found.Id != id || found.Condition is not (StoreCondition.Identified or StoreCondition.Formatted))
            {
                return Lose($"found {found.Condition} {found.Id} {found.Detail}".TrimEnd());
            }

            if (!PosixFile.TryStatus(_path, out _identity))
            {
                return Lose("its identity file was removed");
            }

            TemporaryFile.RemoveDead(new DirectoryLayout(root, id).Temporary);
            _known = true;
            return true;
        }
    }

    private bool Lose(string reason)
    {
        _lost ??= reason;
        return false;
    }
}
