using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Storage.Directories;

/// <summary>
/// System calls with their errors: what is expected is returned, the rest is a <see cref="PosixException"/>.
/// </summary>
internal static class PosixFile
{
    /// <summary>
    /// Opens a file; null where there is none. A symbolic link in its place is an error: whoever put it there may want
    /// another file written.
    /// </summary>
    public static SafeFileHandle? Open(string path, int flags) => OpenAny(path, flags | Posix.NoFollow);

    /// <summary>Opens a directory to lock or to sync it; null where there is none.</summary>
    public static SafeFileHandle? OpenDirectory(string path) => OpenAny(path, Posix.ReadOnly);

    /// <summary>Creates a file that must not exist; null where it does.</summary>
    public static SafeFileHandle? CreateNew(string path)
    {
        var descriptor = Posix.Open(
            path,
            Posix.ReadWrite | Posix.Create | Posix.Exclusive | Posix.CloseOnExec,
            Posix.PrivateFile);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        return Errno.Last == Errno.Exists ? null : throw Failed("create", path);
    }

    public static FileStatus Status(SafeFileHandle file, string path) =>
        Posix.Status(file, "", Posix.EmptyPath, Posix.BasicStatus, out var status) == 0
            ? status
            : throw Failed("statx", path);

    /// <summary>False where there is no such file; of a symbolic link, its own.</summary>
    public static bool TryStatus(string path, out FileStatus status)
    {
        if (Posix.Status(Posix.CurrentDirectory, path, Posix.LinkItself, Posix.BasicStatus, out status) == 0)
        {
            return true;
        }

        return Errno.Last is Errno.NoEntry or Errno.NotADirectory ? false : throw Failed("statx", path);
    }

    public static bool Exists(string path) => TryStatus(path, out _);

    public static void SyncData(SafeFileHandle file, string path)
    {
        if (Posix.SyncData(file) != 0)
        {
            throw Failed("fdatasync", path);
        }
    }

    /// <summary>Makes the names in a directory durable.</summary>
    public static void SyncDirectory(string path)
    {
        using var directory = OpenDirectory(path) ?? throw new PosixException("open", path, Errno.NoEntry);
        if (Posix.Sync(directory) != 0)
        {
            throw Failed("fsync", path);
        }
    }

    /// <summary>Gives a file a second name; false where that name exists.</summary>
    public static bool Link(string from, string to)
    {
        if (Posix.Link(from, to) == 0)
        {
            return true;
        }

        return Errno.Last == Errno.Exists ? false : throw Failed("link", to);
    }

    public static void Rename(string from, string to)
    {
        if (Posix.Rename(from, to) != 0)
        {
            throw Failed("rename", to);
        }
    }

    /// <summary>Removes a name; false where there was none.</summary>
    public static bool Unlink(string path)
    {
        if (Posix.Unlink(path) == 0)
        {
            return true;
        }

        return Errno.Last is Errno.NoEntry or Errno.NotADirectory ? false : throw Failed("unlink", path);
    }

    /// <summary>
    /// Creates one directory for its owner alone; its parent must exist. One that exists is left as it is, but
    /// something else with its name, as a symbolic link, is an error.
    /// </summary>
    public static void MakeDirectory(string path)
    {
        if (Posix.MakeDirectory(path, Posix.PrivateDirectory) == 0)
        {
            return;
        }

        if (Errno.Last != Errno.Exists)
        {
            throw Failed("mkdir", path);
        }

        if (!TryStatus(path, out var found) || !found.IsDirectory)
        {
            throw new PosixException("mkdir", path, Errno.NotADirectory);
        }
    }

    /// <summary>Creates a directory and what is missing above it, for their owner alone.</summary>
    public static void MakeDirectories(string path)
    {
        if (!Directory.Exists(path))
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
            {
                MakeDirectories(parent);
            }

            MakeDirectory(path);
        }
    }

    /// <summary>
    /// Reads into <paramref name="buffer"/> until it is full or the file ends; returns the bytes read.
    /// </summary>
    public static unsafe int Read(SafeFileHandle file, string path, Span<byte> buffer, long position)
    {
        var total = 0;
        fixed (byte* start = buffer)
        {
            while (total < buffer.Length)
            {
                var count = (int)Posix.Read(file, start + total, buffer.Length - total, position + total);
                if (count > 0)
                {
                    total += count;
                }
                else if (count == 0)
                {
                    break;
                }
                else if (Errno.Last != Errno.Interrupted)
                {
                    throw Failed("pread", path);
                }
            }
        }

        return total;
    }

    public static PosixException Failed(string call, string path) => new(call, path, Marshal.GetLastPInvokeError());

    private static SafeFileHandle? OpenAny(string path, int flags)
    {
        int descriptor;
        do
        {
            descriptor = Posix.Open(path, flags | Posix.CloseOnExec, Posix.PrivateFile);
        }
        while (descriptor < 0 && Errno.Last == Errno.Interrupted);

        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        return Errno.Last is Errno.NoEntry or Errno.NotADirectory ? null : throw Failed("open", path);
    }
}
