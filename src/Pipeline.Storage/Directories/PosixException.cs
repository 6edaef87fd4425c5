using System.Runtime.InteropServices;

namespace Pipeline.Storage.Directories;

/// <summary>
/// A system call failed in a way that no single place can deal with. Never leaves this namespace: the store turns it
/// into an outcome.
/// </summary>
internal sealed class PosixException(string call, string path, int errno)
    : Exception($"{call} {path}: {Marshal.GetPInvokeErrorMessage(errno)} ({errno})")
{
    public int Errno { get; } = errno;

    /// <summary>A failed fsync: what the file holds on disk is unknown for good (Rebello et al., ATC 2020).</summary>
    public bool IsSync { get; } = call is "fsync" or "fdatasync";
}
