using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// The calls of POSIX that .NET lacks: link(2), fsync(2) of a directory, and opening a file that is no link.
/// </summary>
internal static partial class SinkLinks
{
    private const int FileExists = 17;
    private const int ReadWrite = 2;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly int NoFollow = OperatingSystem.IsMacOS() ? 0x100 : IsArm ? 0x8000 : 0x20000;
    private static readonly int NoWait = OperatingSystem.IsMacOS() ? 0x4 : 0x800;
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Gives a file a second name; false where that name exists.</summary>
    public static bool TryLink(string from, string to)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            if (File.Exists(to))
            {
                return false;
            }

            File.Copy(from, to, overwrite: false);
            return true;
        }

        if (Link(from, to) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == FileExists
            ? false
            : throw new IOException($"link to {to}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Opens a regular file that exists; what is a link, or a device, is refused.</summary>
    public static FileStream OpenFile(string path, FileAccess access)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return new FileStream(path, FileMode.Open, access);
        }

        var number = Open(path, NoFollow | NoWait | CloseOnExec | (access == FileAccess.Read ? 0 : ReadWrite));
        if (number < 0)
        {
            throw new IOException(
                $"open {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        var file = new FileStream(new SafeFileHandle(number, ownsHandle: true), access);
        if (file.CanSeek)
        {
            return file;
        }

        file.Dispose();
        throw new IOException($"open {path}: not a regular file");
    }

    /// <summary>Makes the names in a directory durable.</summary>
    public static void SyncDirectory(string directory)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return;
        }

        var handle = Open(directory, 0);
        if (handle < 0)
        {
            throw new IOException($"open {directory}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        var result = Sync(handle);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (result != 0)
        {
            throw new IOException($"fsync {directory}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
