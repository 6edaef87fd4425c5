using Microsoft.Win32.SafeHandles;

namespace Pipeline.Storage.Directories;

/// <summary>
/// A file on its way to a name of its own. Its writer holds flock on it, so what a dead process left behind can be told
/// from what a live one is writing; when disposed of, the temporary name is gone.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private TemporaryFile(SafeFileHandle handle, string path)
    {
        Handle = handle;
        Path = path;
    }

    public SafeFileHandle Handle { get; }

    public string Path { get; }

    /// <summary>
    /// Creates one with a name of its own. Whoever removes what the dead left behind may come between a file's birth
    /// and its lock; such a file is given up for another.
    /// </summary>
    public static TemporaryFile Create(string directory)
    {
        while (true)
        {
            var path = System.IO.Path.Combine(directory, Guid.NewGuid().ToString("n"));
            var handle = PosixFile.CreateNew(path) ?? throw new PosixException("create", path, Errno.Exists);
            var file = new TemporaryFile(handle, path);
            if (FileLock.TryAcquire(handle, path, TimeSpan.Zero) && PosixFile.Status(handle, path).Links > 0)
            {
                return file;
            }

            file.Dispose();
        }
    }

    /// <summary>Removes what nobody holds; where that is not possible it stays.</summary>
    public static void RemoveDead(string directory)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(directory))
            {
                using var file = PosixFile.Open(path, Posix.ReadOnly);
                if (file is not null && FileLock.TryAcquire(file, path, TimeSpan.Zero))
                {
                    PosixFile.Unlink(path);
                }
            }
        }
        catch (Exception failed) when (failed is PosixException or IOException or UnauthorizedAccessException)
        {
            // Only room is lost.
        }
    }

    public void Dispose()
    {
        PosixFile.Unlink(Path);
        Handle.Dispose();
    }
}
