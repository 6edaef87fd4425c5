using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>All that is fixed about a stage instance: what it reads, computes and writes.</summary>
public sealed record StageLayout
{
    /// <summary>Hash of (pipeline incarnation, stage, input partition): the instance's name as a producer.</summary>
    public required Hash128 Producer { get; init; }

    /// <summary>
    /// The term it runs under: receivers fence lower ones, and its register refuses to activate them.
    /// </summary>
    public required long Generation { get; init; }

    /// <summary>
    /// Names what it computes and writes: the term under which that was put into force. The same layout may run under
    /// later terms, as to be cut. Where it is not given, it is the term it runs under.
    /// </summary>
    public long Layout
    {
        get => field == 0 ? Generation : field;
        init;
    }

    /// <summary>The input stream's name, for dead letters.</summary>
    public required string InputStream { get; init; }

    /// <summary>The input partition's number.</summary>
    public required int Partition { get; init; }

    /// <summary>
    /// On a stream that stages write: the producers whose watermarks make this instance's (their minimum). Null on an
    /// ingest stream, whose watermark is the latest event time accepted.
    /// </summary>
    public IReadOnlyList<Hash128>? Upstreams { get; init; }

    /// <summary>Where an event's time is read; null: the record's own, else the time of acceptance.</summary>
    public ITimestamp? Timestamp { get; init; }

    /// <summary>How far an event's time may lie after its acceptance, in ticks; on ingest streams only.</summary>
    public long MaxAhead { get; init; } = TimeSpan.TicksPerMinute * 5;

    /// <summary>Parents before children.</summary>
    public required IReadOnlyList<StageNode> Nodes { get; init; }

    public required IReadOnlyList<StageTarget> Targets { get; init; }

    /// <summary>Index of the dead letters' target.</summary>
    public required int DeadLetters { get; init; }

    /// <summary>How many bytes of memory the operators' states may take together; beyond, the instance fails.</summary>
    public long MaxStateBytes { get; init; } = 1L << 30;

    /// <summary>
    /// How many bytes of outputs one step may make before it pauses within its block, so that few small events with
    /// large results do not fill the memory.
    /// </summary>
    public long MaxStepBytes { get; init; } = long.MaxValue;

    /// <summary>An output part is closed when its records reach this many bytes.</summary>
    public int PartBytes { get; init; } = 1 << 20;
}
