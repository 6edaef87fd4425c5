namespace Pipeline.Queries.Values;

/// <summary>
/// How much of a buffer was needed lately, so that one large event does not keep its memory for good. A buffer is given
/// up after <see cref="Rounds"/> uses of which none needed a quarter of it.
/// </summary>
internal struct BufferUse
{
    /// <summary>Buffers up to this many bytes are always kept.</summary>
    public const int Kept = 64 * 1024;

    private const int Rounds = 64;

    private int _most;
    private int _rounds;

    /// <summary>Notes a use; true where the buffer should make room for a smaller one.</summary>
    public bool IsOversized(int capacity, int used)
    {
        if (capacity <= Kept)
        {
            return false;
        }

        _most = Math.Max(_most, used);
        if (++_rounds < Rounds)
        {
            return false;
        }

        var isOversized = _most < capacity / 4;
        (_most, _rounds) = (0, 0);
        return isOversized;
    }
}
