using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Instances;

/// <summary>What a stage or sink instance is doing.</summary>
/// <remarks>The numbers go between processes of different versions.</remarks>
public enum StageInstanceState
{
    /// <summary>It takes its checkpoint over and asks its targets what they hold.</summary>
    Starting = 0,

    /// <summary>It reads what was there when it started.</summary>
    CatchingUp = 5,

    Running = 1,

    /// <summary>It was told to stop, or not to start.</summary>
    Paused = 2,

    /// <summary>
    /// It waits for something that does not answer: a target, its input, a majority of stores; the text is in
    /// <see cref="StageInstanceStatus.Error"/>. It goes on by itself.
    /// </summary>
    Blocked = 6,

    /// <summary>It should run, and nobody has reported for five seconds that he runs it.</summary>
    Unowned = 7,

    /// <summary>
    /// Stopped by an error that needs a person; the text is in <see cref="StageInstanceStatus.Error"/>.
    /// </summary>
    Failed = 3,

    /// <summary>Another host runs it now.</summary>
    Fenced = 4,
}

/// <summary>One instance of a stage or sink: it reads one partition.</summary>
public sealed record StageInstanceStatus
{
    /// <summary>The group: the first of the fused stages, or the sink.</summary>
    public required string Stage { get; init; }

    /// <summary>The stream it reads.</summary>
    public required string Input { get; init; }

    public required int Partition { get; init; }

    public required StageInstanceState State { get; init; }

    /// <summary>The next offset it reads.</summary>
    public required long Cursor { get; init; }

    /// <summary>Events committed in its input that it has not read.</summary>
    public long LagEvents { get; init; }

    /// <summary>Age of the newest event of its input that it has read, against the newest there is.</summary>
    public double LagSeconds { get; init; }

    /// <summary>Acceptance time of the last event read, ticks UTC; 0 before the first.</summary>
    public long ReadTime { get; init; }

    /// <summary>Event time before which nothing is expected, ticks UTC; null before the first event.</summary>
    public long? Watermark { get; init; }

    /// <summary>The cursor of the last checkpoint; null before the first.</summary>
    public long? CheckpointCursor { get; init; }

    /// <summary>When the last checkpoint was written, ticks UTC.</summary>
    public long? CheckpointTime { get; init; }

    /// <summary>Bytes of the state in the last checkpoint; null before the first.</summary>
    public long? CheckpointBytes { get; init; }

    /// <summary>Events read, written, dead-lettered and late since it started here.</summary>
    public required StageCounts Counts { get; init; }

    /// <summary>The last error, for people.</summary>
    public string? Error { get; init; }

    /// <summary>When whoever runs it said so, ticks UTC; null: nobody has.</summary>
    public long? Reported { get; init; }

    /// <summary>
    /// A change of the definition has cut it for this term and did not come into force: it runs again under a later
    /// one.
    /// </summary>
    public long? CutFor { get; init; }

    /// <summary>With the lag behind the input as it is now.</summary>
    public StageInstanceStatus Against(PartitionStatus input) => this with
    {
        LagEvents = Math.Max(0, input.Committed.Value - Cursor),
        LagSeconds = input.Committed.Value > Cursor && ReadTime > 0
            ? Math.Max(0, new TimeSpan(input.Newest - ReadTime).TotalSeconds)
            : 0,
    };
}

/// <summary>Events since an instance started on this host.</summary>
public readonly record struct StageCounts(long Read, long Written, long DeadLetters, long Late);
