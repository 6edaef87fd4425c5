namespace Pipeline.Queries.Windows;

/// <summary>
/// Tumbling and hopping windows in ticks: (end - size, end] for every end that is a multiple of the hop, counted from
/// 0001-01-01T00:00:00Z plus the offset. A tumbling window hops by its size.
/// </summary>
internal readonly record struct WindowShape(long Size, long Hop, long Offset)
{
    /// <summary>The end of the first window that holds the time.</summary>
    public long FirstEnd(long time)
    {
        var shifted = time - Offset;
        var whole = shifted / Hop * Hop;
        return (whole < shifted ? whole + Hop : whole) + Offset;
    }

    /// <summary>Whether the window with this end holds the time, given that its end is not before it.</summary>
    public bool Holds(long end, long time) => end - Size < time;
}
