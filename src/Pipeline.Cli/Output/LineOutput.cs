using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Cli.Output;

/// <summary>
/// Standard output, a line at a time. Unlike the console it says when nobody reads any more, as behind <c>| head</c>.
/// </summary>
internal sealed partial class LineOutput : IDisposable
{
    private const int StandardOutput = 1;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private readonly FileStream _output =
        new(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, 0);

    /// <summary>False where the reader has gone.</summary>
    public bool TryWrite(string line)
    {
        try
        {
            _output.Write(Encoding.UTF8.GetBytes(line + "\n"));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Cancels once the reader has gone: without a next line nothing else would tell.</summary>
    public static async Task WatchAsync(CancellationTokenSource gone)
    {
        try
        {
            while (!HasNoReader())
            {
                await Task.Delay(LookInterval, TimeProvider.System, gone.Token);
            }

            await gone.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The command has ended.
        }
    }

    public void Dispose() => _output.Dispose();

    private static bool HasNoReader()
    {
        const short Error = 8;
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        var asked = new Asked { File = StandardOutput };
        return Poll(ref asked, 1, 0) > 0 && (asked.Answer & Error) != 0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Asked asked, nuint count, int milliseconds);

    /// <summary>struct pollfd: without events asked for, only errors are answered.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Asked
    {
        public int File;
        public short Events;
        public short Answer;
    }
}
