using Pipeline.Kernel.Identity;

namespace Pipeline.Simulation.Worlds;

/// <summary>
/// The pipeline every simulated process applies: a fused filter, an exchange with a window, a file sink.
/// </summary>
public static class WorldDefinition
{
    public const int CountPartitions = 2;
    public const int WindowSeconds = 2;
    public const int Threshold = 50;

    /// <summary>Where the file sink writes.</summary>
    public const string Files = "out/big";

    public static readonly StreamName Big = new("world.big");
    public static readonly StreamName Counts = new("world.counts");
    public static readonly StreamName Late = new("world.counts.late");

    public static string Text(WorldOptions options) => $$"""
        name: world
        streams:
          events: { partitions: {{options.Partitions}}, key: k, time: ts, idle: 5s }
        stages:
          big:
            materialize: true
            query: SELECT k, c, n, v FROM events WHERE v >= {{Threshold}}
          counts:
            key: c
            partitions: {{CountPartitions}}
            materialize: true
            query: |
              SELECT c, COUNT(*) AS n, SUM(v) AS total, System.Timestamp() AS windowEnd
              FROM events TIMESTAMP BY ts
              GROUP BY c, TumblingWindow(second, {{WindowSeconds}})
        sinks:
          files: { from: big, files: { path: {{Files}}, roll: { size: 1KiB, every: 2s } } }
        """;
}
