using System.Text.Json;
using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Histories;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// An event as it stands in some stream. Client and number name what was sent, the path the marks of all stages it
/// has passed: three decimal digits each.
/// </summary>
public readonly record struct PassedEvent(
    string Key, string K, long Client, long Number, long Amount, long Path, long Ticks)
{
    public (long Client, long Number, long Path) Name => (Client, Number, Path);

    public static PassedEvent Parse(in ReadEvent read)
    {
        using var json = JsonDocument.Parse(read.Value);
        var root = json.RootElement;
        return new PassedEvent(
            read.Key,
            root.GetProperty("k").GetString()!,
            root.GetProperty("c").GetInt64(),
            root.GetProperty("n").GetInt64(),
            root.GetProperty("v").GetInt64(),
            root.TryGetProperty("g", out var path) ? path.GetInt64() : 0,
            root.TryGetProperty("ts", out var ts) ? ts.GetDateTimeOffset().UtcTicks : SimulatedTime.Start.Ticks);
    }

    /// <summary>Whether it passed a stage with one of these marks.</summary>
    public bool Passed(IReadOnlySet<int> marks)
    {
        for (var rest = Path; rest > 0; rest /= DrawnStage.Marks)
        {
            if (marks.Contains((int)(rest % DrawnStage.Marks)))
            {
                return true;
            }
        }

        return false;
    }
}
