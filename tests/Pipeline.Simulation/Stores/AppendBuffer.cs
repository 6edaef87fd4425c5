namespace Pipeline.Simulation.Stores;

/// <summary>
/// The bytes of one append, kept twice: as they were when it was sent, and where the caller keeps them. They must
/// still be equal when the append reaches the disk: a caller may not touch them before the answer is there.
/// </summary>
public sealed class AppendBuffer
{
    private readonly ReadOnlyMemory<byte>[] _callers;
    private readonly byte[] _copy;

    private readonly CancellationToken _released;

    /// <summary>
    /// Once <paramref name="released"/> is cancelled the caller's buffers are its own business again.
    /// </summary>
    public AppendBuffer(IReadOnlyList<ReadOnlyMemory<byte>> content, CancellationToken released)
    {
        _released = released;
        _callers = [.. content];
        Length = _callers.Sum(static piece => piece.Length);
        _copy = new byte[Length];
        var at = 0;
        foreach (var piece in _callers)
        {
            piece.CopyTo(_copy.AsMemory(at));
            at += piece.Length;
        }
    }

    public int Length { get; }

    public ReadOnlySpan<byte> Check()
    {
        var at = 0;
        foreach (var piece in _callers)
        {
            if (!_released.IsCancellationRequested && !piece.Span.SequenceEqual(_copy.AsSpan(at, piece.Length)))
            {
                throw new InvalidOperationException("A buffer was changed while the store still wrote it.");
            }

            at += piece.Length;
        }

        return _copy;
    }

    /// <summary>What a crash in the middle leaves: a prefix, or a prefix and zeroes up to the whole length.</summary>
    public ReadOnlySpan<byte> Tear(Random draw)
    {
        var kept = draw.Next(Length + 1);
        if (draw.Next(2) == 0)
        {
            return _copy.AsSpan(0, kept);
        }

        var torn = new byte[Length];
        _copy.AsSpan(0, kept).CopyTo(torn);
        return torn;
    }
}
