using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions;

/// <summary>How a read ended.</summary>
public enum ReadStatus
{
    /// <summary>Zero or more blocks.</summary>
    Ok,

    /// <summary>The offset lies before the first one kept (<see cref="ReadOutcome.First"/>).</summary>
    Trimmed,

    /// <summary>The offset lies after the committed end.</summary>
    BeyondEnd,

    /// <summary>Not owner any more, stopping, or no store answered.</summary>
    Unavailable,

    /// <summary>
    /// What comes next lies in a closed segment, which the reader can read itself
    /// (<see cref="ReadRequest.LeavesClosed"/>).
    /// </summary>
    Closed,
}

/// <summary>
/// One committed block: <paramref name="Payload"/> is a sequence of parts (PartCodec). Its first event has offset
/// <paramref name="First"/>; it may begin before the offset asked for, and may hold control parts only (Count 0).
/// </summary>
/// <param name="Position">Numbers all blocks of a partition in order, also those without events: the place to go on
/// reading after a block of control parts.</param>
/// <param name="First">Offset of the first event.</param>
/// <param name="Count">Number of events.</param>
/// <param name="Payload">The parts.</param>
public readonly record struct LogBlock(LogPosition Position, LogOffset First, int Count, ReadOnlyMemory<byte> Payload);

/// <summary>A block's place in the log: its segment's number and its number in the segment.</summary>
public readonly record struct LogPosition(long Segment, int Block) : IComparable<LogPosition>
{
    public int CompareTo(LogPosition other) =>
        Segment != other.Segment ? Segment.CompareTo(other.Segment) : Block.CompareTo(other.Block);
}

/// <summary>The answer to a read.</summary>
public sealed record ReadOutcome(ReadStatus Status)
{
    public IReadOnlyList<LogBlock> Blocks { get; init; } = [];

    /// <summary>Where to go on reading: pass it as <see cref="ReadRequest.After"/>.</summary>
    public LogPosition? Next { get; init; }

    /// <summary>The first offset kept.</summary>
    public LogOffset First { get; init; }

    /// <summary>The committed end, exclusive.</summary>
    public LogOffset Committed { get; init; }
}

/// <summary>Asks for committed blocks.</summary>
public sealed record ReadRequest
{
    /// <summary>Read from the block that holds this offset (control parts just before it included) …</summary>
    public LogOffset From { get; init; }

    /// <summary>… or from the block after this position.</summary>
    public LogPosition? After { get; init; }

    /// <summary>
    /// Stop when this many bytes of payload were gathered; at least one block is given if there is one.
    /// </summary>
    public int MaxBytes { get; init; } = 1 << 20;

    /// <summary>How long to wait for a block where there is none yet.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>
    /// The reader has the stores at hand: it wants <see cref="ReadStatus.Closed"/> where its answer would have to be
    /// read from a closed segment.
    /// </summary>
    public bool LeavesClosed { get; init; }

    /// <summary>
    /// Asks for what comes after an answer to this: after its last block, and by offset where retention has taken that
    /// block meanwhile. Who has read all that is gone has missed nothing.
    /// </summary>
    public ReadRequest Following(ReadOutcome read) => read.Blocks is [.., var last]
        ? this with { After = last.Position, From = new LogOffset(Math.Max(From.Value, last.First.Value + last.Count)) }
        : this;
}
