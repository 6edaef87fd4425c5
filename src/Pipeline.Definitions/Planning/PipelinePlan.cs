using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;

namespace Pipeline.Definitions.Planning;

/// <summary>How a definition is carried out: which streams there are, and what runs over them.</summary>
public sealed record PipelinePlan
{
    public required string Name { get; init; }

    /// <summary>Ingest streams the definition declares.</summary>
    public required IReadOnlyList<DeclaredStream> Declared { get; init; }

    /// <summary>Streams that stages write, and where the stage's number of partitions or name stands.</summary>
    public required IReadOnlyList<DeclaredStream> Outputs { get; init; }

    public required IReadOnlyList<GroupPlan> Groups { get; init; }

    public required IReadOnlyList<SinkPlan> Sinks { get; init; }

    public required IReadOnlyList<StageGraphNode> Graph { get; init; }

    /// <summary>Outputs of fused stages that are not kept as streams.</summary>
    public required IReadOnlyList<StreamDefinition> NotKept { get; init; }

    /// <summary>The names of those.</summary>
    public IEnumerable<StreamName> NotMaterialized => NotKept.Select(static stream => stream.Name);

    /// <summary>Streams that its stages and sinks read.</summary>
    public IEnumerable<StreamName> Inputs =>
        Groups.Select(static group => group.Input).Concat(Sinks.Select(static sink => sink.Input)).Distinct();

    /// <summary>The stream that keeps a pipeline's dead letters.</summary>
    public static StreamName DeadLetters(string pipeline) => new($"{pipeline}.dead-letters");
}

/// <summary>Fused stages: one instance for each partition of the stream they read.</summary>
public sealed record GroupPlan
{
    /// <summary>The name of its first stage.</summary>
    public required string Name { get; init; }

    public required StreamName Input { get; init; }

    /// <summary>Whether the input is an ingest stream: the watermark is the latest event time.</summary>
    public required bool IsIngest { get; init; }

    /// <summary>Where the event time is; null: in the record, or the time of acceptance.</summary>
    public ITimestamp? Timestamp { get; init; }

    /// <summary>The path that the input stream gives for the time; null: none, or not an ingest stream.</summary>
    public string? TimePath { get; init; }

    public TimeSpan MaxAhead { get; init; } = StreamDefinition.DefaultMaxAhead;

    public TimeSpan? Idle { get; init; } = StreamDefinition.DefaultIdle;

    public bool IsIdleStated { get; init; }

    /// <summary>Parents before children.</summary>
    public required IReadOnlyList<NodePlan> Nodes { get; init; }
}

/// <summary>One operator of a group.</summary>
/// <param name="Node">What the kernel needs; its target indexes are not filled in.</param>
/// <param name="Output">The stream of its outputs; null: they only feed fused stages.</param>
/// <param name="IsKeyed">Whether outputs without key meet in one partition.</param>
/// <param name="Late">The stream of late events; null: there are none.</param>
public sealed record NodePlan(StageNode Node, StreamName? Output, bool IsKeyed, StreamName? Late)
{
    /// <summary>By what the operator's inputs are spread; null: by nothing a query could name.</summary>
    public string? InputKey { get; init; }

    /// <summary>Over how many partitions.</summary>
    public int InputPartitions { get; init; }
}

/// <summary>A sink: one instance for each partition of the stream it reads.</summary>
public sealed record SinkPlan(string Name, StreamName Input, SinkTarget Target);
