namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// One stage in one life of a pipeline (until it is deleted), as far as it has instances of its own: which definitions
/// ran it, which events of its input they had to read, and what each of them makes of an event.
/// </summary>
public sealed class StageLife
{
    private readonly ChangeLedger _ledger;
    private readonly HashSet<int> _fusedMarks;
    private readonly HashSet<int> _ownMarks;
    private readonly bool _isFusedFirst;
    private readonly bool _readsStage;

    public StageLife(ChangeLedger ledger, string pipeline, int life, string stage, IReadOnlyList<Change> texts)
    {
        (_ledger, Stage) = (ledger, stage);
        var with = texts.Where(text => text.Definition!.Stage(stage) is not null).ToList();
        var first = with[0].Definition!;
        var isFused = with.ToLookup(text => text.Definition!.IsFused(text.Definition.Stage(stage)!));
        Own = [.. isFused[false]];
        _readsStage = first.Stage(stage)!.ReadsStage;
        _isFusedFirst = first.IsFused(first.Stage(stage)!);
        _fusedMarks = [.. isFused[true].Select(MarkOfParent)];
        _ownMarks = _readsStage ? [.. Own.Select(MarkOfParent)] : [];
        var from = first.Stage(stage)!.From;
        Input = _readsStage ? $"{pipeline}.{from}" : from;
        MayEnd = life < ledger.Life(pipeline) || ledger.MayLack(pipeline, long.MaxValue)
            || ledger.InForce(pipeline, long.MaxValue).Any(text => text.Definition!.Stage(stage) is null);

        int MarkOfParent(Change text) =>
            text.Definition!.Stage(text.Definition.Stage(stage)!.From)!.Mark;
    }

    public string Stage { get; }

    /// <summary>The stream it reads.</summary>
    public string Input { get; }

    /// <summary>The texts in which it has its own instances, in the order they were asked for.</summary>
    public IReadOnlyList<Change> Own { get; }

    /// <summary>It may be gone at the end: what came last may be unread.</summary>
    public bool MayEnd { get; }

    /// <summary>
    /// Whether an instance of its own has to read an event; of what it reads from a stage it is fused to at times,
    /// only what was made while it was not.
    /// </summary>
    public bool Reads(in PassedEvent input)
    {
        var mark = (int)(input.Path % DrawnStage.Marks);
        return !_readsStage || (_isFusedFirst ? _ownMarks.Contains(mark) : !_fusedMarks.Contains(mark));
    }

    /// <summary>What a text makes of an event sent at a time, in the stage and those fused to it.</summary>
    public List<ExpectedOutput> Make(Change text, in PassedEvent input, long sentAt)
    {
        var definition = text.Definition!;
        var outputs = new List<ExpectedOutput>();
        if (definition.Stage(Stage)! is var stage && stage.Pass(input) is { } passed)
        {
            Add(stage, passed);
            foreach (var child in definition.Children(stage)
                .Where(child => !child.IsWindow && definition.IsFused(child)))
            {
                if (child.Pass(passed) is { } further)
                {
                    Add(child, further);
                }
            }
        }

        return outputs;

        void Add(DrawnStage made, in PassedEvent output)
        {
            var stream = definition.StreamOf(made);
            var keeping = definition.Keeps(made) ? Keeping.Yes : ReadByOthers(stream, definition.Name, sentAt);
            outputs.Add(new ExpectedOutput(stream, made.PartitionOf(output), output, keeping));
        }
    }

    /// <summary>An output may still be kept when its reader is gone, until the pipeline's next text.</summary>
    private Keeping ReadByOthers(string stream, string pipeline, long time)
    {
        var keeping = Keeping.No;
        foreach (var other in _ledger.Pipelines.Where(other => other != pipeline))
        {
            if (_ledger.Of(other).Any(text => text.MayBeInForce && text.Definition!.Reads(stream)))
            {
                var texts = _ledger.InForce(other, time).ToList();
                keeping = Keeping.Perhaps;
                if (texts.Count > 0 && texts.TrueForAll(text => text.Definition!.Reads(stream))
                    && !_ledger.MayLack(other, time))
                {
                    return Keeping.Yes;
                }
            }
        }

        return keeping;
    }
}
