using System.Runtime.InteropServices;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>The error numbers that mean something to a store (Linux), graded into outcomes.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int Again = 11;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotADirectory = 20;
    public const int FileTooBig = 27;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int QuotaExceeded = 122;

    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>Whether nothing more can be written for now, which is no damage.</summary>
    public static bool IsNoSpace(int errno) =>
        errno is NoSpace or ReadOnlyFileSystem or QuotaExceeded or FileTooBig or AccessDenied or NotPermitted;

    public static BlobStatus Grade(int errno) => IsNoSpace(errno) ? BlobStatus.NoSpace : BlobStatus.Unavailable;
}
