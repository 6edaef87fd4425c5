using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Cli.Output;

/// <summary>
/// Standard output, a line at a time. Unlike the console it says when nobody reads any more, as behind <c>| head</c>.
/// </summary>
internal sealed class LineOutput : IDisposable
{
    private readonly FileStream _output = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, 0);

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

    public void Dispose() => _output.Dispose();
}
