namespace Pipeline.Queries.Joins;

/// <summary>
/// Which times of one side may meet a time of the other: what all DATEDIFF of ON allow, which count boundaries of a
/// unit as the function does. Ranges are of ticks, the end excluded; empty where nothing can meet.
/// </summary>
internal sealed class JoinBounds(IReadOnlyList<JoinBound> bounds)
{
    /// <summary>The times of the right side for one of the left.</summary>
    public (long From, long To) RightOf(long left) => Range(left, isForward: true);

    /// <summary>The times of the left side for one of the right.</summary>
    public (long From, long To) LeftOf(long right) => Range(right, isForward: false);

    private (long From, long To) Range(long time, bool isForward)
    {
        var (from, to) = (long.MinValue, long.MaxValue);
        foreach (var bound in bounds)
        {
            var at = time / bound.Unit;
            var (low, high) = isForward ? (bound.Low, bound.High) : (Negate(bound.High), Negate(bound.Low));
            from = low is { } least ? Math.Max(from, (at + least) * bound.Unit) : from;
            to = high is { } most ? Math.Min(to, (at + most + 1) * bound.Unit) : to;
        }

        return (from, to);
    }

    private static long? Negate(long? value) => -value;
}
