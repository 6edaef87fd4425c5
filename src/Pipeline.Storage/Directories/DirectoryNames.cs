namespace Pipeline.Storage.Directories;

/// <summary>
/// The directories below an incarnation's own: created when needed, and made durable, with their parents, once in the
/// life of a process (another may have died between creating and syncing them).
/// </summary>
internal sealed class DirectoryNames(DirectoryLayout layout)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _durable = [];

    /// <summary>Creates the directories above a blob's file. The incarnation's own directory must exist.</summary>
    public void Ensure(string file)
    {
        var directory = Path.GetDirectoryName(file)!;
        if (directory == layout.Blobs || IsKnown(directory))
        {
            return;
        }

        Ensure(directory);
        PosixFile.MakeDirectory(directory);
        PosixFile.SyncDirectory(Path.GetDirectoryName(directory)!);
        lock (_gate)
        {
            _durable.Add(directory);
        }
    }

    /// <summary>Makes the name of a blob's file durable.</summary>
    public void Sync(string file)
    {
        Ensure(file);
        PosixFile.SyncDirectory(Path.GetDirectoryName(file)!);
    }

    private bool IsKnown(string directory)
    {
        lock (_gate)
        {
            return _durable.Contains(directory);
        }
    }
}
