using System.Text;
using System.Text.Json;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Outputs;

/// <summary>
/// The stages' outputs against a computation over the input log: each filtered event once and in the order of its
/// key; each window once, with every event that is not in the late stream; each line of the files once.
/// </summary>
public static class OutputCheck
{
    public static IEnumerable<string> Check(World world, OutputReaders outputs) =>
        CheckStreams(world, outputs).Concat(CheckFiles(world, outputs.Big));

    /// <summary>The same without the files.</summary>
    public static IEnumerable<string> CheckStreams(World world, OutputReaders outputs)
    {
        var input = world.FinalLogs
            .Select(static log => log.ConvertAll(static e => WorldEvent.Parse(e.Value)))
            .ToList();
        return CheckBig(input, outputs.Big)
            .Concat(CheckCounts([.. input.SelectMany(static log => log)], outputs));
    }

    private static IEnumerable<string> CheckBig(List<List<WorldEvent>> input, IReadOnlyList<List<ReadEvent>> big)
    {
        for (var partition = 0; partition < input.Count; partition++)
        {
            var expected = input[partition].Where(static e => e.Amount >= WorldDefinition.Threshold)
                .Select(static e => e with { Ticks = 0 }).ToList();
            var actual = big[partition].ConvertAll(static e => WorldEvent.Parse(e.Value) with { Ticks = 0 });
            if (!expected.SequenceEqual(actual))
            {
                yield return $"big/{partition} has {actual.Count} events, not the {expected.Count} of the filter";
            }
        }
    }

    private static IEnumerable<string> CheckCounts(List<WorldEvent> input, OutputReaders outputs)
    {
        var expected = new SortedDictionary<(long Client, long End), (long Count, long Total)>();
        var late = outputs.Late.SelectMany(static log => log).Select(static e => WorldEvent.Parse(e.Value));
        Add(expected, input, 1);
        Add(expected, late, -1);
        foreach (var row in outputs.Counts.SelectMany(static log => log))
        {
            using var json = JsonDocument.Parse(row.Value);
            var root = json.RootElement;
            var end = root.GetProperty("windowEnd").GetDateTimeOffset().UtcTicks;
            var key = (root.GetProperty("c").GetInt64(), end);
            var found = (root.GetProperty("n").GetInt64(), root.GetProperty("total").GetInt64());
            if (!expected.Remove(key, out var should) || should != found)
            {
                yield return $"a window {row.Value}, and it should be {should}";
            }
        }

        foreach (var ((client, end), left) in expected.Where(static window => window.Value.Count != 0))
        {
            yield return $"no window of client {client} up to {new DateTime(end):HH:mm:ss} with {left}";
        }
    }

    private static void Add(
        SortedDictionary<(long Client, long End), (long Count, long Total)> windows,
        IEnumerable<WorldEvent> events,
        int sign)
    {
        foreach (var e in events)
        {
            var (count, total) = windows.GetValueOrDefault((e.Client, e.WindowEnd));
            windows[(e.Client, e.WindowEnd)] = (count + sign, total + (sign * e.Amount));
        }
    }

    private static IEnumerable<string> CheckFiles(World world, IReadOnlyList<List<ReadEvent>> big)
    {
        for (var partition = 0; partition < big.Count; partition++)
        {
            var lines = world.Files.Visible
                .Where(file => file.Key.Contains($"/{WorldDefinition.Files}/", StringComparison.Ordinal)
                    && Path.GetFileName(file.Key).StartsWith($"{partition}-", StringComparison.Ordinal))
                .SelectMany(static file => Encoding.UTF8.GetString(file.Value).Split('\n')[..^1]).ToList();
            if (!lines.SequenceEqual(big[partition].Select(static e => e.Value)))
            {
                yield return $"the files of partition {partition} have {lines.Count} lines, "
                    + $"not the {big[partition].Count} of the stream";
            }
        }
    }
}
