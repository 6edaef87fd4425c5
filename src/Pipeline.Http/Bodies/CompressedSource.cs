namespace Pipeline.Http.Bodies;

/// <summary>A compressed body with bytes put behind it; remembers how the body itself ended.</summary>
internal sealed class CompressedSource(Stream body, ReadOnlyMemory<byte> behind) : Stream
{
    private ReadOnlyMemory<byte> _behind = behind;
    private bool _isAtEnd;

    /// <summary>The last four bytes of the body read so far, big endian.</summary>
    public uint LastFour { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> to, CancellationToken cancellationToken = default)
    {
        if (!_isAtEnd)
        {
            var read = await body.ReadAsync(to, cancellationToken);
            foreach (var b in to.Span[Math.Max(0, read - 4)..read])
            {
                LastFour = (LastFour << 8) | b;
            }

            if (read > 0)
            {
                return read;
            }

            _isAtEnd = true;
        }

        var length = Math.Min(to.Length, _behind.Length);
        _behind[..length].CopyTo(to);
        _behind = _behind[length..];
        return length;
    }

    /// <summary>Reads what the decoder left; always true.</summary>
    public async ValueTask<bool> DrainAsync(BodyPatience patience)
    {
        var rest = new byte[4096];
        while (await patience.AwaitAsync(ReadAsync(rest, patience.Token)) > 0)
        {
            continue;
        }

        return true;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
