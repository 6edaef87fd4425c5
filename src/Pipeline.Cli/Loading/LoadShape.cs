namespace Pipeline.Cli.Loading;

/// <summary>How the rate goes over the time of a load.</summary>
internal enum LoadShape
{
    /// <summary>The same all the time.</summary>
    Constant,

    /// <summary>Rises evenly from nothing.</summary>
    Ramp,

    /// <summary>A quarter, a half, three quarters, all.</summary>
    Step,

    /// <summary>A fifth, and all for the tenth in the middle.</summary>
    Spike,

    /// <summary>Three waves between nothing and all.</summary>
    Sine,
}

/// <summary>When the requests of a load are due.</summary>
internal static class LoadSchedule
{
    private const int Waves = 3;

    /// <summary>Pieces of the time within which the rate counts as constant; a step and a spike end with one.</summary>
    private const int Pieces = 10_000;

    /// <summary>Events by which sums may be wrong: none is due at the very end.</summary>
    private const double Rounding = 1e-3;

    /// <summary>The share of the full rate at a moment, given as the share of the whole time.</summary>
    public static double ShareAt(LoadShape shape, double moment) => shape switch
    {
        LoadShape.Ramp => moment,
        LoadShape.Step => Math.Min(4, Math.Floor(moment * 4) + 1) / 4,
        LoadShape.Spike => moment is >= 0.45 and < 0.55 ? 1 : 0.2,
        LoadShape.Sine => 0.5 - (0.5 * Math.Cos(2 * Math.PI * Waves * moment)),
        _ => 1,
    };

    /// <summary>The moments in seconds at which a request of so many events is due, from the rate alone.</summary>
    public static IEnumerable<double> Moments(LoadOptions options)
    {
        var (width, events, due) = (options.Seconds / (double)Pieces, 0.0, 0.0);
        for (var piece = 0; piece < Pieces; piece++)
        {
            var more = options.Rate * width * ShareAt(options.Shape, (piece + 0.5) / Pieces);
            for (; due < events + more - Rounding; due += options.Batch)
            {
                yield return (piece + Math.Max(0, (due - events) / more)) * width;
            }

            events += more;
        }
    }
}
