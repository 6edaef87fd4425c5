using System.Text.Unicode;

namespace Pipeline.Cli.Sending;

/// <summary>A file of lines, read as bytes: what is sent is what is in it. A byte order mark is left out.</summary>
internal sealed class LineFile : IDisposable
{
    private const int ChunkSize = 1 << 16;

    /// <summary>More than any service takes as one event.</summary>
    private const int MaxLine = 64 << 20;

    private readonly string _name;
    private readonly Stream _file;
    private byte[] _buffer = new byte[ChunkSize];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    public LineFile(FileInfo file)
    {
        _name = file.ToString();
        _file = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        Fill();
        _start = _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    /// <summary>The number of the line read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>
    /// Looks through a whole file, where that is possible before it is sent: nothing of a file that is wrong further
    /// down is stored.
    /// </summary>
    public static void Check(FileInfo file)
    {
        using var lines = new LineFile(file);
        while (lines._file.CanSeek && lines.TryRead(out _))
        {
            // Reading checks.
        }
    }

    /// <summary>
    /// The next line with its end, until the next call; false at the end. Throws <see cref="InputException"/> where it
    /// is not UTF-8.
    /// </summary>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        line = default;
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            var length = found >= 0 ? searched + found + 1 : _isAtEnd ? _end - _start : -1;
            if (length == 0)
            {
                return false;
            }

            if (length > 0)
            {
                line = _buffer.AsMemory(_start, length);
                _start += length;
                Line++;
                return Utf8.IsValid(line.Span)
                    ? true
                    : throw new InputException($"{_name}, line {Line}: this is not UTF-8. Nothing of it was sent; "
                        + "convert the file first, as with iconv.");
            }

            searched = _end - _start;
            Fill();
        }
    }

    public void Dispose() => _file.Dispose();

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_end >= MaxLine)
            {
                throw new InputException($"{_name}, line {Line + 1}: it is longer than {MaxLine >> 20} MiB.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = _file.Read(_buffer.AsSpan(_end));
        _isAtEnd = count == 0;
        _end += count;
    }
}
