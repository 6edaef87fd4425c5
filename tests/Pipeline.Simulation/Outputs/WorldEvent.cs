using System.Text.Json;
using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Outputs;

/// <summary>One of the clients' events, its JSON read without any of the code under test.</summary>
public readonly record struct WorldEvent(string Key, long Client, long Number, long Amount, long Ticks)
{
    public static WorldEvent Parse(string value)
    {
        using var json = JsonDocument.Parse(value);
        var root = json.RootElement;
        var ticks = root.TryGetProperty("ts", out var ts) ? ts.GetDateTimeOffset().UtcTicks : SimulatedTime.Start.Ticks;
        return new WorldEvent(
            root.GetProperty("k").GetString()!,
            root.GetProperty("c").GetInt64(),
            root.GetProperty("n").GetInt64(),
            root.GetProperty("v").GetInt64(),
            ticks);
    }

    /// <summary>The end of its tumbling window, (start, end].</summary>
    public long WindowEnd
    {
        get
        {
            const long size = WorldDefinition.WindowSeconds * TimeSpan.TicksPerSecond;
            return (Ticks + size - 1) / size * size;
        }
    }
}
