using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages;

/// <summary>One committed block of the input partition: parts (PartCodec), in order.</summary>
public readonly ref struct StageInput
{
    /// <summary>The block's place in the log.</summary>
    public long Segment { get; init; }

    public int Block { get; init; }

    /// <summary>Offset of its first event.</summary>
    public long First { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>What the outputs of this block carry on; changes nothing else about them.</summary>
    public TraceContext Trace { get; init; }
}
