using System.Buffers;
using Pipeline.Runtime.Ingestion;

namespace Pipeline.Http.Bodies;

/// <summary>
/// A body read as a whole and decompressed, in one pooled buffer. Its bytes are taken from the admission before they
/// are taken from memory, and given back when it is disposed.
/// </summary>
internal sealed class RequestBody(IngestAdmission admission) : IDisposable
{
    private byte[] _buffer = [];
    private long _taken;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    /// <summary>Makes room for <paramref name="bytes"/> in all; false where the process has too much in work.</summary>
    public bool TryReserve(int bytes)
    {
        if (bytes <= _buffer.Length)
        {
            return true;
        }

        // A buffer for the body and one for the parts made of it.
        var more = (2L * bytes) - _taken;
        if (!admission.TryTake(more))
        {
            return false;
        }

        _taken += more;
        var larger = ArrayPool<byte>.Shared.Rent(bytes);
        _buffer.AsSpan(0, Length).CopyTo(larger);
        Return();
        _buffer = larger;
        return true;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Free room behind what was read.</summary>
    public Memory<byte> Free => _buffer.AsMemory(Length);

    public void Advance(int bytes) => Length += bytes;

    /// <summary>Whether the body ends with these bytes; they are taken off.</summary>
    public bool EndsWithThenDrop(ReadOnlySpan<byte> end)
    {
        if (!Bytes.Span.EndsWith(end))
        {
            return false;
        }

        Length -= end.Length;
        return true;
    }

    public void Dispose()
    {
        Return();
        _buffer = [];
        admission.Give(_taken);
        _taken = 0;
    }

    private void Return()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
