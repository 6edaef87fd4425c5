namespace Pipeline.Queries.Aggregates;

/// <summary>
/// A sum of doubles with the lost low parts kept beside it (A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur
/// Summation endlicher Summen, 1974).
/// </summary>
internal struct RealSum
{
    private const double Safe = 1e300;

    private double _sum;
    private double _lost;

    public readonly double Total => _sum + _lost;

    /// <summary>Whether the sum stays finite with this value.</summary>
    public readonly bool Holds(double value)
    {
        if (Math.Abs(_sum) < Safe && Math.Abs(value) < Safe)
        {
            return true;
        }

        var next = this;
        next.Add(value);
        return double.IsFinite(next.Total);
    }

    public void Add(double value)
    {
        var next = _sum + value;
        _lost += Math.Abs(_sum) >= Math.Abs(value) ? _sum - next + value : value - next + _sum;
        _sum = next;
    }

    public readonly void Save(StateWriter to)
    {
        to.Write(_sum);
        to.Write(_lost);
    }

    public static RealSum Load(ref StateReader from) => new() { _sum = from.ReadDouble(), _lost = from.ReadDouble() };
}
