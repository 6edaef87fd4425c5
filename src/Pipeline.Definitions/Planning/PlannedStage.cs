using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Compilation;

namespace Pipeline.Definitions.Planning;

/// <summary>One stage, or an exchange put before one, while the plan is being made.</summary>
internal sealed class PlannedStage
{
    /// <summary>What a row of a join has beside its event, at most.</summary>
    private const int JoinRowBytes = 1 << 10;

    private int? _maxEventBytes;

    public required string Name { get; init; }

    /// <summary>query, code, exchange or union.</summary>
    public required string Kind { get; init; }

    /// <summary>The definition; of an exchange, the stage it was put before.</summary>
    public required StageDefinition Definition { get; init; }

    /// <summary>The name it reads.</summary>
    public required string FromName { get; set; }

    /// <summary>Of a union its queries: they write its stream, and it runs nothing itself.</summary>
    public List<PlannedStage> Branches { get; } = [];

    /// <summary>The union whose stream it writes; null: it has its own.</summary>
    public PlannedStage? Union { get; init; }

    /// <summary>Of what brings a source to a join: which of its sides; null: it is no such stage.</summary>
    public int? JoinSide { get; init; }

    /// <summary>
    /// Of what brings a source to a join: whether one instance has to see all rows, as what is behind the join gathers
    /// them by something else than it does.
    /// </summary>
    public bool HasAllRows { get; set; }

    /// <summary>Whether it is what a join reads: the events of both its sources.</summary>
    public bool IsJoinInput { get; init; }

    /// <summary>The stage it reads; null: a stream.</summary>
    public PlannedStage? From { get; set; }

    /// <summary>The stream it reads; null: a stage of this pipeline.</summary>
    public StreamDefinition? FromStream { get; set; }

    public CompiledQuery? Query { get; set; }

    public Func<IOperator>? Code { get; set; }

    public Hash128 CodeVersion { get; set; }

    /// <summary>How its outputs are spread.</summary>
    public Partitioning Output { get; set; } = new(null, 1);

    /// <summary>How its inputs are spread.</summary>
    public Partitioning Input { get; set; } = new(null, 1);

    /// <summary>Whether an output belongs into the partition its input came from: then readers may be fused.</summary>
    public bool IsAligned { get; set; }

    /// <summary>Whether it runs in the instance of the stage it reads.</summary>
    public bool IsFused => From is { IsAligned: true };

    /// <summary>The first stage of its group.</summary>
    public PlannedStage Head => IsFused ? From!.Head : this;

    public bool IsExchange => Kind == "exchange";

    public bool IsUnion => Kind == "union";

    /// <summary>What it reads, of this pipeline.</summary>
    public IEnumerable<PlannedStage> Sources => IsUnion ? Branches : From is null ? [] : [From];

    /// <summary>The name that messages say: of what brings a source to a join, the join's.</summary>
    public string Shown => JoinSide is null ? Name : Definition.Name;

    /// <summary>Whether its stream is only there for the stage behind it.</summary>
    public bool IsInner => IsExchange || IsJoinInput;

    public bool IsWindowed => Query?.GroupBy is not null && !IsExchange;

    public bool IsJoin => Query is { JoinSides.Count: > 0 };

    public bool IsMaterialized { get; set; }

    /// <summary>The largest output, in bytes: the default, or what its input may have where that is more.</summary>
    public int MaxEventBytes => _maxEventBytes ??= Math.Max(
        StreamDefinition.DefaultMaxEventBytes,
        IsUnion ? Branches.Max(static branch => branch.MaxEventBytes)
            : (From?.MaxEventBytes ?? FromStream?.MaxEventBytes ?? 0) + (JoinSide is null ? 0 : JoinRowBytes));

    /// <summary>How many rows an event may become by unions that lead to one stage several times.</summary>
    public long Copies { get; set; } = 1;

    public List<PlannedStage> Readers { get; } = [];

    /// <summary>Columns of its output; null: any. A union's branches have the same where all are known.</summary>
    public IReadOnlyList<string>? Columns => !IsUnion ? Query?.Columns
        : Branches.TrueForAll(static branch => branch.Columns is not null) ? Branches.FirstOrDefault()?.Columns
        : null;

    /// <summary>Whether each output has the value of its input.</summary>
    public bool KeepsValue => Query is not null && (IsExchange || Query.KeepsFields);
}
