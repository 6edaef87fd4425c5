namespace Pipeline.Kernel.Stages;

/// <summary>Where an operator puts its results: the next operator of a fused chain, or the stage's output.</summary>
public interface IOperatorOutput
{
    /// <summary>One result; <paramref name="time"/> is its event time (System.Timestamp) in ticks UTC.</summary>
    void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time);

    /// <summary>The event came after its window had closed: it goes to the late stream, unchanged.</summary>
    void EmitLate(in StageRecord record);

    /// <summary>The event cannot be processed, for good: it goes to the dead letters with this reason.</summary>
    void Reject(in StageRecord record, string reason);
}
