using System.Buffers;
using Pipeline.Ingestion;

namespace Pipeline.Http.Bodies;

/// <summary>
/// A body read as a whole and decompressed, in one pooled buffer that grows with what arrives. Its bytes are taken from
/// the admission before they are taken from memory, and given back when it is disposed.
/// </summary>
internal sealed class RequestBody(IngestAdmission admission, ReceivingShares receiving, object caller) : IDisposable
{
    private byte[] _buffer = [];
    private long _taken;
    private long _shared;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    /// <summary>Makes room for <paramref name="bytes"/> in all; false where the process has too much in work.</summary>
    public bool TryReserve(int bytes)
    {
        if (bytes <= _buffer.Length)
        {
            return true;
        }

        if (!TryTake(bytes - _taken) || !TryShare(bytes))
        {
            return false;
        }

        var larger = ArrayPool<byte>.Shared.Rent(bytes);
        _buffer.AsSpan(0, Length).CopyTo(larger);
        Return();
        _buffer = larger;
        return true;
    }

    /// <summary>
    /// The body has come whole. Takes as much again, for the parts made of it; false where that is too much now.
    /// </summary>
    public bool TryComplete()
    {
        GiveShare();
        return TryTake(Length);
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
        GiveShare();
        admission.Give(_taken);
        _taken = 0;
    }

    private bool TryTake(long bytes)
    {
        if (bytes > 0 && !admission.TryTake(bytes))
        {
            return false;
        }

        _taken += Math.Max(0, bytes);
        return true;
    }

    private bool TryShare(long bytes)
    {
        if (bytes <= ReceivingShares.Small)
        {
            return true;
        }

        if (!receiving.TryTake(caller, bytes - _shared))
        {
            return false;
        }

        _shared = bytes;
        return true;
    }

    private void GiveShare()
    {
        if (_shared > 0)
        {
            receiving.Give(caller, _shared);
            _shared = 0;
        }
    }

    private void Return()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
