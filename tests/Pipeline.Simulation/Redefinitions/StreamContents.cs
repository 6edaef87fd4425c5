using Pipeline.Kernel.Identity;
using Pipeline.Simulation.Clients;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// All streams as they are when no definition changes any more, read through the process that is left.
/// </summary>
public sealed class StreamContents
{
    private readonly SortedDictionary<string, List<ReadEvent>[]> _logs = new(StringComparer.Ordinal);
    private readonly List<LogReader> _readers = [];

    public StreamContents(World world, EngineProcess process)
    {
        // An exchange keeps only what its readers have not read.
        foreach (var stream in process.Engine.Streams.ListAll())
        {
            if (!stream.Name.Value.EndsWith(".exchange", StringComparison.Ordinal))
            {
                _logs[stream.Name.Value] = Read(world, stream.Name, stream.Partitions.Count);
            }
        }
    }

    /// <summary>What a test says there is.</summary>
    public StreamContents(IReadOnlyDictionary<string, List<ReadEvent>[]> logs) =>
        _logs = new SortedDictionary<string, List<ReadEvent>[]>(logs.ToDictionary(), StringComparer.Ordinal);

    public IEnumerable<string> Streams => _logs.Keys;

    /// <summary>Everything was read once.</summary>
    public bool IsRead => _readers.TrueForAll(static reader => reader.CaughtUpAt is not null);

    public IReadOnlyList<IReadOnlyList<ReadEvent>> Of(string stream) => _logs.GetValueOrDefault(stream, []);

    /// <summary>A canary: one event of an output is away, there twice, or in another partition.</summary>
    public string TamperWith(Random draw)
    {
        var logs = _logs.Where(static log => !log.Key.StartsWith("world", StringComparison.Ordinal)
            && log.Key != DrawnStage.Events && log.Value.Any(static part => part.Exists(HasPath))).ToList();
        if (logs.Count == 0)
        {
            return "nothing";
        }

        var (stream, parts) = logs[draw.Next(logs.Count)];
        var from = parts.First(static part => part.Exists(HasPath));
        var at = from.FindIndex(HasPath);
        var what = draw.Next(parts.Length > 1 ? 3 : 2);
        if (what == 1)
        {
            from.Add(from[at]);
        }
        else
        {
            parts[what == 2 ? Array.IndexOf(parts, from) ^ 1 : 0].AddRange(what == 2 ? [from[at]] : []);
            from.RemoveAt(at);
        }

        return $"{stream} {what}";
    }

    private static bool HasPath(ReadEvent read) => read.Value.Contains("\"g\":", StringComparison.Ordinal);

    private List<ReadEvent>[] Read(World world, StreamName stream, int partitions)
    {
        var logs = Enumerable.Range(0, partitions).Select(static _ => new List<ReadEvent>()).ToArray();
        for (var partition = 0; partition < partitions; partition++)
        {
            var reader = new LogReader(world, world.Outside.NewLoop($"{stream}/{partition}"), stream, partition);
            _readers.Add(reader);
            reader.Start(logs[partition].Add);
        }

        return logs;
    }
}
