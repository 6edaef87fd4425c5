using System.Text.Json;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Outputs;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// Windows whose query never changed, whatever changed beside it: each once, with every event of its input. A window
/// stage that was added beside others has those sent after it was acknowledged, and perhaps some before.
/// </summary>
public static class WindowCheck
{
    public static IEnumerable<string> Check(
        ChangeLedger ledger,
        string pipeline,
        int life,
        List<Change> texts,
        StreamContents contents,
        Dictionary<(long Client, long Number), long> sentAt)
    {
        var names = texts.SelectMany(static text => text.Definition!.Stages).Where(static stage => stage.IsWindow)
            .Select(static stage => stage.Name).Distinct();
        foreach (var name in names)
        {
            var with = texts.Where(text => text.Definition!.Stage(name) is not null).ToList();
            var stage = with[0].Definition!.Stage(name)!;
            var isWhole = new StageLife(ledger, pipeline, life, name, texts).MayEnd is false;
            var since = !stage.ReadsStage ? long.MinValue
                : with.Where(static text => text.IsMade).Select(static text => text.To)
                    .DefaultIfEmpty(long.MaxValue).Min();
            var input = Input(pipeline, stage, contents);
            var marks = stage.ReadsStage ? Marks(stage, texts) : null;
            var late = contents.Of($"{pipeline}.{name}.late").SelectMany(static log => log)
                .Select(static read => PassedEvent.Parse(read)).ToList();
            var rows = contents.Of($"{pipeline}.{name}");
            foreach (var wrong in Windows(input, marks, late, since, sentAt, rows, isWhole))
            {
                yield return $"{pipeline}.{name} (life {life}): {wrong}";
            }
        }
    }

    private static IEnumerable<PassedEvent> Input(string pipeline, DrawnStage stage, StreamContents contents) =>
        contents.Of(stage.ReadsStage ? $"{pipeline}.{stage.From}" : stage.From).SelectMany(static log => log)
            .Select(static read => PassedEvent.Parse(read));

    private static HashSet<int> Marks(DrawnStage stage, List<Change> texts) =>
        [.. texts.Select(text => text.Definition!.Stage(stage.From)).OfType<DrawnStage>()
            .Select(static parent => parent.Mark)];

    private static IEnumerable<string> Windows(
        IEnumerable<PassedEvent> input,
        HashSet<int>? marks,
        List<PassedEvent> late,
        long since,
        Dictionary<(long Client, long Number), long> sentAt,
        IReadOnlyList<IReadOnlyList<ReadEvent>> rows,
        bool isWhole)
    {
        var most = new SortedDictionary<(long Client, long End), long>();
        var least = new SortedDictionary<(long Client, long End), long>();
        foreach (var e in input)
        {
            // What a stream holds of an earlier life of its pipeline, a reader that is new may read as well.
            Add(most, e, 1);
            Add(least, e, sentAt[(e.Client, e.Number)] > since && (marks is null || e.Passed(marks)) ? 1 : 0);
        }

        foreach (var e in late)
        {
            Add(most, e, sentAt[(e.Client, e.Number)] > since ? -1 : 0);
            Add(least, e, -1);
        }

        var seen = new HashSet<(long Client, long End)>();
        foreach (var row in rows.SelectMany(static log => log))
        {
            using var json = JsonDocument.Parse(row.Value);
            var root = json.RootElement;
            var end = root.GetProperty("windowEnd").GetDateTimeOffset().UtcTicks;
            var window = (root.GetProperty("c").GetInt64(), end);
            var count = root.GetProperty("n").GetInt64();
            if (!seen.Add(window))
            {
                yield return $"the window {row.Value} is there twice";
            }
            else if (count > most.GetValueOrDefault(window) || (isWhole && count < least.GetValueOrDefault(window)))
            {
                yield return $"the window {row.Value} should count {least.GetValueOrDefault(window)} to "
                    + $"{most.GetValueOrDefault(window)}";
            }
        }

        foreach (var ((client, end), count) in isWhole ? least : [])
        {
            if (count > 0 && !seen.Contains((client, end)))
            {
                yield return $"no window of client {client} up to {new DateTime(end):HH:mm:ss} with {count}";
            }
        }
    }

    private static void Add(SortedDictionary<(long Client, long End), long> counts, in PassedEvent e, int count)
    {
        var window = (e.Client, new WorldEvent(e.K, e.Client, e.Number, e.Amount, e.Ticks).WindowEnd);
        counts[window] = counts.GetValueOrDefault(window) + count;
    }
}
