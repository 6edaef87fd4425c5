using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Storage.Directories;

/// <summary>
/// flock(2) with a time limit: between processes, released by the system when its holder dies. It is held over checks
/// and writes to memory only, never over an fsync, so it is contended for microseconds; a holder that was stopped
/// (SIGSTOP) in just that moment is what the limit is for.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static bool TryAcquire(SafeFileHandle file, string path, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        while (Posix.Lock(file, Posix.LockExclusive | Posix.LockNonBlocking) != 0)
        {
            if (Errno.Last is not (Errno.Again or Errno.Interrupted))
            {
                throw PosixFile.Failed("flock", path);
            }

            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                return false;
            }

            using var never = new ManualResetEventSlim();
            never.Wait(Pause);
        }

        return true;
    }

    public static void Release(SafeFileHandle file) => _ = Posix.Lock(file, Posix.LockRelease);
}
