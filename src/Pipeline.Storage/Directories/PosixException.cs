using System.Runtime.InteropServices;

namespace Pipeline.Storage.Directories;

/// <summary>
/// A system call failed in a way that no single place can deal with. Never leaves this namespace: the store turns it
/// into an outcome.
/// </summary>
internal sealed class PosixException(string call, string path, int errno)
    : Exception($"{call} {path}: {Reason(errno)} ({errno})")
{
    private const int TooManyLinks = 40;

    public int Errno { get; } = errno;

    /// <summary>A failed fsync: what the file holds on disk is unknown for good (Rebello et al., ATC 2020).</summary>
    public bool IsSync { get; } = call is "fsync" or "fdatasync";

    private static string Reason(int errno) => errno == TooManyLinks
        ? "it is a symbolic link, and a store follows none but to its own directory; remove it"
        : Marshal.GetPInvokeErrorMessage(errno);
}
