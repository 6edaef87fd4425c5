using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Codecs;

/// <summary>Heads one frame of a segment (<see cref="FrameCodec"/>).</summary>
public readonly record struct FrameHeader
{
    public FrameKind Kind { get; init; }

    public LogId Log { get; init; }

    public SegmentId Segment { get; init; }

    /// <summary>The offset of the first event, or the next one where there is none.</summary>
    public LogOffset First { get; init; }

    /// <summary>Events in the frame.</summary>
    public int Count { get; init; }

    /// <summary>Everything before this offset was committed when the frame was made.</summary>
    public LogOffset Commit { get; init; }

    /// <summary>When its parts were accepted, ticks UTC; monotone in a log.</summary>
    public long Time { get; init; }

    /// <summary>The chain value of the frame before it in the segment; default in the first.</summary>
    public Hash128 Previous { get; init; }

    /// <summary>Bytes of payload.</summary>
    public int PayloadLength { get; init; }

    public uint PayloadCrc { get; init; }

    /// <summary>The offset after the last event.</summary>
    public LogOffset End => First + Count;

    /// <summary>Bytes of the whole frame.</summary>
    public int Size => FrameCodec.HeaderSize + PayloadLength + FrameCodec.TrailerSize;
}
