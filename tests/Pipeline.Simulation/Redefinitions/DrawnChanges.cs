using System.Globalization;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// Draws definitions, and changes of one. Simple changes leave what is fused to what as it is; the others come only
/// after the last one was answered, so that it is known what each stage goes on from (docs/simulation.md).
/// </summary>
public sealed class DrawnChanges(ChangeLedger ledger, Random draw, string name, int partitions)
{
    private const int StagesMax = 5;

    private readonly SortedDictionary<string, DrawnStage> _heads = new(StringComparer.Ordinal);

    /// <summary>A new pipeline, which may read the streams named.</summary>
    public DrawnPipeline New(IReadOnlyList<(string Stream, int Partitions)> others)
    {
        var drawn = new DrawnPipeline { Name = name };
        for (var i = 1 + draw.Next(3); i > 0; i--)
        {
            drawn = drawn.Stages.Count == 0 ? Head(drawn, others) : Structural(drawn, others);
        }

        return drawn.Stages.Count == 0 ? Head(drawn, others) : drawn;
    }

    /// <summary>Another key of a stage nothing reads, another filter, kept or not, another directory.</summary>
    public DrawnPipeline Simple(DrawnPipeline now)
    {
        var stage = now.Stages[draw.Next(now.Stages.Count)];
        switch (draw.Next(5))
        {
            case 0 when now.Sinks.Count > 0:
                var sink = now.Sinks[draw.Next(now.Sinks.Count)];
                return now with { Sinks = [.. now.Sinks.Select(s => s == sink ? s with { Path = NewPath() } : s)] };
            case 1 when !stage.IsWindow && !now.Children(stage).Any(child => child.IsWindow):
                return now.With(stage with { IsMaterialized = !stage.IsMaterialized });
            case 2 when !stage.IsWindow:
                return now.With(Marked(stage with { Threshold = draw.Next(60) }));
            default:
                return stage.IsWindow || now.Children(stage).Any()
                    ? now.With(stage.IsWindow ? stage : stage with { Mark = ledger.NewMark() })
                    : now.With(Marked(stage with { Key = OtherKey(stage) }));
        }
    }

    /// <summary>Stages come, go, get another name, become fused or get an instance of their own; sinks too.</summary>
    public DrawnPipeline Structural(DrawnPipeline now, IReadOnlyList<(string Stream, int Partitions)> others)
    {
        var heads = now.Stages.Where(static s => !s.ReadsStage && !s.IsWindow).ToList();
        var filters = now.Stages.Where(static s => !s.IsWindow).ToList();
        var parents = heads.Where(s => now.Children(s).Any()).ToList();
        switch (now.Stages.Count < StagesMax ? draw.Next(10) : 4 + draw.Next(6))
        {
            case 0:
                return Head(now, others);
            case 1 or 2 when heads.Count > 0:
                return now.Plus(Child(heads[draw.Next(heads.Count)]));
            case 3 when heads.Count > 0:
                return Window(now, heads[draw.Next(heads.Count)]);
            case 4 or 5 when parents.Count > 0:
                return Split(now, parents[draw.Next(parents.Count)]);
            case 6 when filters.Count > 0:
                return now with
                {
                    Sinks = [.. now.Sinks, new DrawnSink(
                        Name("f"), filters[draw.Next(filters.Count)].Name, NewPath())],
                };
            case 7 when now.Sinks.Count > 0:
                return now with { Sinks = [.. now.Sinks.Skip(1)] };
            case 8 when now.Stages.Any(static s => s.ReadsStage && !s.IsWindow):
                return Renamed(now, now.Stages.First(static s => s.ReadsStage && !s.IsWindow));
            case 9 when now.Stages.Count > 1:
                var gone = now.Stages[draw.Next(now.Stages.Count)];
                return now.Without(gone) is { Stages.Count: > 0 } rest ? rest : Simple(now);
            default:
                return Simple(now);
        }
    }

    /// <summary>A key that fuses what reads a stage, or gives it instances of its own.</summary>
    private DrawnPipeline Split(DrawnPipeline now, DrawnStage parent) => now.With(parent with
    {
        Key = parent.Key is null ? parent.ReadsOther ? "v" : "n" : null,
        Mark = ledger.NewMark(),
    });

    private DrawnPipeline Head(DrawnPipeline now, IReadOnlyList<(string Stream, int Partitions)> others)
    {
        var free = _heads.Values.Where(head => now.Stage(head.Name) is null
            && (!head.ReadsOther || others.Any(other => other.Stream == head.From))).ToList();
        if (free.Count > 0 && draw.Next(2) == 0)
        {
            return now.Plus(free[draw.Next(free.Count)] with { Mark = ledger.NewMark() });
        }

        var (from, of) = others.Count > 0 && draw.Next(3) != 0
            ? others[draw.Next(others.Count)]
            : (DrawnStage.Events, partitions);
        var isOther = from != DrawnStage.Events;
        var spreads = draw.Next(3) == 0;
        var head = new DrawnStage
        {
            Name = Name("h"),
            From = from,
            FromPartitions = of,
            Partitions = spreads ? 1 + draw.Next(3) : of,
            Mark = ledger.NewMark(),
            Threshold = draw.Next(60),
            Key = spreads ? isOther ? "v" : "n" : null,
            IsMaterialized = draw.Next(2) == 0,
        };
        _heads[head.Name] = head;
        return now.Plus(head);
    }

    private DrawnStage Child(DrawnStage parent) => new()
    {
        Name = Name("v"),
        From = parent.Name,
        FromPartitions = parent.Partitions,
        Partitions = parent.Partitions,
        Mark = ledger.NewMark(),
        Threshold = draw.Next(60),
        Key = draw.Next(3) == 0 ? "n" : null,
        IsMaterialized = draw.Next(2) == 0,
    };

    /// <summary>Over the ingest stream, or beside the stages fused to a head, which is kept from then on.</summary>
    private DrawnPipeline Window(DrawnPipeline now, DrawnStage head)
    {
        var isOver = head is { From: DrawnStage.Events, Key: not "c" } && head.Partitions == head.FromPartitions
            && draw.Next(3) != 0;
        var window = new DrawnStage
        {
            Name = Name("w"),
            From = isOver ? head.Name : DrawnStage.Events,
            FromPartitions = partitions,
            Partitions = partitions,
            Key = "c",
            Mark = 0,
            IsWindow = true,
            IsMaterialized = true,
        };
        return (isOver ? now.With(head with { IsMaterialized = true }) : now).Plus(window);
    }

    private DrawnPipeline Renamed(DrawnPipeline now, DrawnStage stage)
    {
        var renamed = stage with { Name = Name("v"), Mark = ledger.NewMark() };
        return now with
        {
            Stages = [.. now.Stages.Select(other => other == stage ? renamed : other)],
            Sinks = [.. now.Sinks.Where(sink => sink.From != stage.Name)],
        };
    }

    private DrawnStage Marked(DrawnStage stage) =>
        draw.Next(2) == 0 ? stage : stage with { Mark = ledger.NewMark() };

    private string? OtherKey(DrawnStage stage)
    {
        string?[] keys = stage.ReadsOther ? [null, "v"] : [null, "k", "n", "c"];
        return keys.Where(key => key != stage.Key).ElementAt(draw.Next(keys.Length - 1));
    }

    private string Name(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}{ledger.NewNumber()}");

    private string NewPath() => string.Create(CultureInfo.InvariantCulture, $"out/{name}-{ledger.NewNumber()}");
}
