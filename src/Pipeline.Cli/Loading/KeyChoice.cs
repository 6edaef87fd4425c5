namespace Pipeline.Cli.Loading;

/// <summary>Draws keys: all alike, or by Zipf's law, the first the most often.</summary>
internal sealed class KeyChoice
{
    private readonly Random _draw;
    private readonly int _keys;
    private readonly double[]? _sums;

    public KeyChoice(int keys, double skew, Random draw)
    {
        (_keys, _draw) = (keys, draw);
        if (skew <= 0)
        {
            return;
        }

        _sums = new double[keys];
        double sum = 0;
        for (var i = 0; i < keys; i++)
        {
            sum += 1 / Math.Pow(i + 1, skew);
            _sums[i] = sum;
        }
    }

    /// <summary>From 0.</summary>
    public int Next()
    {
        if (_sums is null)
        {
            return _draw.Next(_keys);
        }

        var found = Array.BinarySearch(_sums, _draw.NextDouble() * _sums[^1]);
        return Math.Min(_keys - 1, found < 0 ? ~found : found);
    }
}
