namespace Pipeline.Storage.Directories;

/// <summary>
/// A file that only takes room. When the disk is full it is given up, so that seals and registers can still be
/// written; it is taken again as soon as there is room.
/// </summary>
internal sealed class Ballast(string root, long size)
{
    private readonly string _path = Path.Combine(root, "ballast");
    private volatile bool _released;

    public bool IsReleased => _released;

    /// <summary>Gives the room up; false where that was done already.</summary>
    public bool Release()
    {
        using var file = PosixFile.Open(_path, Posix.ReadWrite);
        _released = true;
        return file is not null && PosixFile.Status(file, _path).Size > 0 && Posix.Truncate(file, 0) == 0;
    }

    /// <summary>Takes the room if it is there; failing to is no error.</summary>
    public void Restore()
    {
        try
        {
            using var file = PosixFile.Open(_path, Posix.ReadWrite | Posix.Create);
            _released = size > 0 && file is not null && Posix.Allocate(file, 0, 0, size) != 0;
        }
        catch (PosixException)
        {
            _released = true;
        }
    }
}
