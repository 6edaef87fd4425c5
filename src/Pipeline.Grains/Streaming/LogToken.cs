using Orleans.Streams;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Streaming;

/// <summary>
/// A place in a log stream: all before it was read. Where a block was read it names that block too, because blocks
/// without events take no offsets. Tokens of one stream are ordered as its blocks are.
/// </summary>
[GenerateSerializer, Immutable, Alias("pipeline.LogToken")]
public sealed class LogToken : StreamSequenceToken
{
    private const long NoSegment = -1;

    private LogToken(long offset, long segment, int block) =>
        (SequenceNumber, Segment, EventIndex) = (offset, segment, block);

    /// <summary>The first event that is kept.</summary>
    public static LogToken First { get; } = At(0);

    /// <summary>The offset of the next event.</summary>
    [Id(0)]
    public override long SequenceNumber { get; protected set; }

    /// <summary>The number of the block in its segment that was read last; 0 where none was.</summary>
    [Id(1)]
    public override int EventIndex { get; protected set; }

    [Id(2)]
    internal long Segment { get; private set; }

    /// <summary>The block that was read last; null: none.</summary>
    internal LogPosition? Position => Segment == NoSegment ? null : new LogPosition(Segment, EventIndex);

    internal LogOffset Offset => new(SequenceNumber);

    /// <summary>The place of an offset: what a person or another program knows of a partition.</summary>
    public static LogToken At(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new LogToken(offset, NoSegment, 0);
    }

    public override bool Equals(StreamSequenceToken? other) => other is LogToken token
        && (SequenceNumber, Segment, EventIndex) == (token.SequenceNumber, token.Segment, token.EventIndex);

    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

    public override int GetHashCode() => HashCode.Combine(SequenceNumber, Segment, EventIndex);

    public override int CompareTo(StreamSequenceToken? other) => other is LogToken token
        ? (SequenceNumber, Segment, EventIndex).CompareTo((token.SequenceNumber, token.Segment, token.EventIndex))
        : throw new ArgumentException($"a LogToken is compared with {other?.GetType().Name ?? "null"}", nameof(other));

    public override string ToString() => Position is { } position
        ? $"{SequenceNumber} (after block {position.Block} of segment {position.Segment})"
        : $"{SequenceNumber}";

    internal static LogToken Of(ReadRequest request) => request.After is { } after
        ? new LogToken(request.From.Value, after.Segment, after.Block)
        : At(request.From.Value);

    internal static LogToken After(in LogBlock block) =>
        new(block.First.Value + block.Count, block.Position.Segment, block.Position.Block);
}
