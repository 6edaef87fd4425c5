using System.Text;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// The files of a sink, in all directories it ever had, one after the other by their names: each event of its stream
/// once and in order; all of them, unless the sink is gone.
/// </summary>
public static class SinkCheck
{
    public static IEnumerable<string> Check(
        World world, string pipeline, int life, List<Change> texts, StreamContents contents)
    {
        var sinks = texts.SelectMany(static text => text.Definition!.Sinks).GroupBy(static sink => sink.Name);
        foreach (var sink in sinks)
        {
            var isWhole = life == world.Changes.Life(pipeline) && !world.Changes.MayLack(pipeline, long.MaxValue)
                && world.Changes.InForce(pipeline, long.MaxValue)
                    .All(text => text.Definition!.Sinks.Any(other => other.Name == sink.Key));
            var paths = sink.Select(static s => $"{s.Path}/").ToHashSet();
            var files = world.Files.Visible.Where(file => paths.Any(path => file.Key.Contains(path)))
                .ToLookup(static file => int.Parse(Path.GetFileName(file.Key).Split('-')[0]));
            var logs = contents.Of($"{pipeline}.{sink.First().From}");
            for (var partition = 0; partition < logs.Count; partition++)
            {
                var lines = files[partition].OrderBy(static file => Path.GetFileName(file.Key), StringComparer.Ordinal)
                    .SelectMany(static file => Encoding.UTF8.GetString(file.Value).Split('\n')[..^1]).ToList();
                if (Compare(lines, logs[partition], isWhole) is { } wrong)
                {
                    yield return $"sink {pipeline}.{sink.Key} (life {life}) of {sink.First().From}/{partition}: "
                        + wrong;
                }
            }
        }
    }

    private static string? Compare(List<string> lines, IReadOnlyList<ReadEvent> log, bool isWhole)
    {
        for (var i = 0; i < Math.Min(lines.Count, log.Count); i++)
        {
            if (lines[i] != log[i].Value)
            {
                return $"line {i} is {lines[i]}, the event {log[i].Value} ({lines.Count} lines, {log.Count} events)";
            }
        }

        return lines.Count > log.Count || (isWhole && lines.Count < log.Count)
            ? $"{lines.Count} lines, {log.Count} events"
            : null;
    }
}
