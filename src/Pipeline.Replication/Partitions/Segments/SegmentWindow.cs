namespace Pipeline.Replication.Partitions.Segments;

/// <summary>
/// The part of a copy that is being looked at: bytes from a position on, grown at the end as frames need it.
/// </summary>
internal sealed class SegmentWindow
{
    private byte[] _buffer = [];
    private int _start;
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_start, _length);

    public int Length => _length;

    /// <summary>Lets go of bytes at the start.</summary>
    public void Skip(int count)
    {
        _start += count;
        _length -= count;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_start + _length + bytes.Length > _buffer.Length)
        {
            var larger = _length + bytes.Length <= _buffer.Length
                ? _buffer
                : new byte[Math.Max(_length + bytes.Length, _buffer.Length * 2)];
            _buffer.AsSpan(_start, _length).CopyTo(larger);
            _buffer = larger;
            _start = 0;
        }

        bytes.CopyTo(_buffer.AsSpan(_start + _length));
        _length += bytes.Length;
    }
}
