namespace Pipeline.Queries.Tests.Joins;

/// <summary>
/// JOIN as one would write it down: all events that came are kept, each new one is held against all of the other side.
/// Times are seconds; DATEDIFF(second) of them counts whole ones.
/// </summary>
internal sealed class JoinModel(int low, int high, int lateness, bool isLeft)
{
    private readonly List<Kept> _left = [];
    private readonly List<Kept> _right = [];
    private double _horizon = double.NegativeInfinity;

    public List<string> Results { get; } = [];

    public void Event(int side, int? key, double time, int number)
    {
        var (own, others) = side == 0 ? (_left, _right) : (_right, _left);
        var kept = new Kept(key, time, number);
        foreach (var other in others.Where(o => o.Key == key && key is not null && IsAlive(1 - side, o)
            && Meet(side == 0 ? time : o.Time, side == 0 ? o.Time : time)).OrderBy(o => o.Time).ToList())
        {
            (kept.IsMatched, other.IsMatched) = (true, true);
            Results.Add(side == 0 ? $"{number}-{other.Number}" : $"{other.Number}-{number}");
        }

        if (IsAlive(side, kept) && key is not null)
        {
            own.Add(kept);
        }
        else if (side == 0 && isLeft && !kept.IsMatched)
        {
            Results.Add($"{number}-");
        }
    }

    public void Watermark(double time)
    {
        _horizon = Math.Max(_horizon, time - lateness);
        foreach (var over in _left.Where(kept => isLeft && !kept.IsMatched && !IsAlive(0, kept))
            .OrderBy(kept => Math.Max(kept.Time, Math.Floor(kept.Time) + high + 1)).ThenBy(kept => kept.Key)
            .ThenBy(kept => kept.Time).ToList())
        {
            over.IsMatched = true;
            Results.Add($"{over.Number}-");
        }
    }

    private bool Meet(double left, double right) =>
        Math.Floor(right) - Math.Floor(left) is var apart && apart >= low && apart <= high;

    /// <summary>Whether an event that comes in time may still meet it.</summary>
    private bool IsAlive(int side, Kept kept) =>
        Math.Floor(kept.Time) + (side == 0 ? high : -low) + 1 > _horizon;

    private sealed class Kept(int? key, double time, int number)
    {
        public int? Key => key;

        public double Time => time;

        public int Number => number;

        public bool IsMatched { get; set; }
    }
}
