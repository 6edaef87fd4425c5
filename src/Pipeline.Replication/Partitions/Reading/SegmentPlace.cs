namespace Pipeline.Replication.Partitions.Reading;

/// <summary>Where to read a block in a segment.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Wanted">The block's number in the segment.</param>
/// <param name="Block">The number of the block that begins at <paramref name="Bytes"/>: not after the one wanted.
/// </param>
/// <param name="Bytes">Where to read from.</param>
internal readonly record struct SegmentPlace(SegmentSpan Segment, int Wanted, int Block, long Bytes)
{
    public LogPosition Position => new(Segment.Id.Number, Wanted);
}
