using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Simulation.Worlds;

/// <summary>
/// Worlds written down as what was drawn for them, one JSON object a line. A seed alone means another world as soon as
/// something more is drawn; what a line does not name is as it was before there was such a thing.
/// </summary>
public static class KeptWorlds
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The file of the worlds that were bad once.</summary>
    public static string Bad => Path.Combine(AppContext.BaseDirectory, "Tests", "kept-worlds.jsonl");

    public static string Write(WorldOptions world) => JsonSerializer.Serialize(world, Options);

    public static WorldOptions Read(string line) => JsonSerializer.Deserialize<WorldOptions>(line, Options)
        ?? throw new InvalidDataException($"No world: {line}");

    /// <summary>The worlds of a file; empty lines and those that begin with # are passed over.</summary>
    public static IEnumerable<WorldOptions> ReadFile(string path) => File.ReadLines(path)
        .Where(static line => line.Length > 0 && line[0] != '#').Select(Read);
}
