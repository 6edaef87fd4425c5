using Microsoft.Win32.SafeHandles;

namespace Pipeline.Storage.Directories;

/// <summary>
/// Files on their way to a name of their own. Their writer holds flock on them, so what a dead process left behind can
/// be told from what a live one is writing.
/// </summary>
internal static class TemporaryFiles
{
    public static SafeFileHandle Create(string path)
    {
        var file = PosixFile.CreateNew(path) ?? throw new PosixException("create", path, Errno.Exists);
        FileLock.TryAcquire(file, path, TimeSpan.Zero);
        return file;
    }

    /// <summary>Removes what nobody holds; where that is not possible it stays.</summary>
    public static void Remove(string directory)
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
}
