using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Storage.Directories;

/// <summary>Writes a list of buffers at a position (pwritev), however many calls that takes.</summary>
internal static unsafe class GatherWrite
{
    /// <summary>Buffers handed to one call; well below IOV_MAX (1,024).</summary>
    private const int MaxVectors = 64;

    [ThreadStatic]
    private static MemoryHandle[]? _pins;

    public static long Length(IReadOnlyList<ReadOnlyMemory<byte>> content)
    {
        var length = 0L;
        for (var i = 0; i < content.Count; i++)
        {
            length += content[i].Length;
        }

        return length;
    }

    /// <summary>Writes everything, or throws after having written some of it.</summary>
    public static void Write(
        SafeFileHandle file, string path, long position, IReadOnlyList<ReadOnlyMemory<byte>> content)
    {
        var index = 0;
        var skip = 0;
        while (index < content.Count)
        {
            var written = WriteSome(file, path, position, content, index, skip);
            position += written;
            written += skip;
            while (index < content.Count && written >= content[index].Length)
            {
                written -= content[index].Length;
                index++;
            }

            skip = (int)written;
        }
    }

    private static long WriteSome(
        SafeFileHandle file,
        string path,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        int index,
        int skip)
    {
        var handles = _pins ??= new MemoryHandle[MaxVectors];
        var vectors = stackalloc IoVector[MaxVectors];
        var count = Math.Min(content.Count - index, MaxVectors);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var piece = content[index + i][(i == 0 ? skip : 0)..];
                handles[i] = piece.Pin();
                vectors[i] = new IoVector { Base = (byte*)handles[i].Pointer, Length = piece.Length };
            }

            nint written;
            do
            {
                written = Posix.Write(file, vectors, count, position);
            }
            while (written < 0 && Errno.Last == Errno.Interrupted);

            return written >= 0 ? written : throw PosixFile.Failed("pwritev", path);
        }
        finally
        {
            for (var i = 0; i < count; i++)
            {
                handles[i].Dispose();
                handles[i] = default;
            }
        }
    }
}
