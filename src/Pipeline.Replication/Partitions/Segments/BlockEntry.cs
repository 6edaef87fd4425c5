using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions.Segments;

/// <summary>Where one block lies in its segment.</summary>
/// <param name="Position">Bytes from the segment's start to its frame.</param>
/// <param name="Size">Bytes of the frame.</param>
/// <param name="First">The offset of its first event.</param>
/// <param name="Count">Events.</param>
/// <param name="Time">Acceptance time, ticks UTC.</param>
internal readonly record struct BlockEntry(long Position, int Size, LogOffset First, int Count, long Time)
{
    public LogOffset End => First + Count;
}
