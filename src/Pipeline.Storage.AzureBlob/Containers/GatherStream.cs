namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>A list of buffers as one stream to upload, without copying them together first.</summary>
internal sealed class GatherStream(IReadOnlyList<ReadOnlyMemory<byte>> content) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = content.Sum(static piece => (long)piece.Length);

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        var start = 0L;
        foreach (var piece in content)
        {
            if (_position < start + piece.Length)
            {
                var rest = piece.Span[(int)(_position - start)..];
                var count = Math.Min(rest.Length, buffer.Length);
                rest[..count].CopyTo(buffer);
                _position += count;
                return count;
            }

            start += piece.Length;
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
