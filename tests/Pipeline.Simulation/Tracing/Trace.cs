using System.Globalization;

namespace Pipeline.Simulation.Tracing;

/// <summary>
/// Everything that happens in a run, folded into one 64-bit hash: two runs of one seed must give the same. Written
/// out as lines only where somebody asked for them.
/// </summary>
public sealed class Trace(TextWriter? lines = null)
{
    private const ulong Prime = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The hash of all events so far.</summary>
    public ulong Hash { get; private set; } = Prime;

    /// <summary>How many events there were.</summary>
    public long Count { get; private set; }

    /// <summary>
    /// One event: when (virtual ticks), who (-1: the world), what, to what, and two numbers about it.
    /// </summary>
    public void Add(long at, int node, string what, string subject = "", long a = 0, long b = 0)
    {
        Count++;
        Mix((ulong)at);
        Mix((ulong)node);
        Mix(what);
        Mix(subject);
        Mix((ulong)a);
        Mix((ulong)b);
        lines?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{at / (double)TimeSpan.TicksPerMillisecond,12:F4} ms  n{node,-2} {what,-14} {subject}  {a} {b}"));
    }

    private void Mix(string text)
    {
        foreach (var c in text)
        {
            Hash = (Hash ^ c) * Prime;
        }

        Mix((ulong)text.Length);
    }

    private void Mix(ulong value)
    {
        Hash = (Hash ^ value) * Prime;
        Hash ^= Hash >> 29;
    }
}
