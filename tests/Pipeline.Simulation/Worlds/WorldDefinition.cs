namespace Pipeline.Simulation.Worlds;

/// <summary>The pipeline every simulated process applies.</summary>
public static class WorldDefinition
{
    public static string Text(WorldOptions options) => $$"""
        name: world
        streams:
          events: { partitions: {{options.Partitions}}, key: k, time: ts }
        """;
}
