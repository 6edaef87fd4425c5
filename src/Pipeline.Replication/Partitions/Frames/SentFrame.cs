namespace Pipeline.Replication.Partitions.Frames;

/// <summary>A frame that is sent, and its position in the segment.</summary>
internal readonly record struct SentFrame(FrameBuffer Buffer, long Start)
{
    /// <summary>Its bytes from a position of the segment on.</summary>
    public ReadOnlyMemory<byte> From(long position) => Buffer.Bytes[(int)Math.Max(0, position - Start)..];
}
