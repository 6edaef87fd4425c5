using System.Buffers;

namespace Pipeline.Kernel.Stages;

/// <summary>
/// One deterministic operator of a stage. The same inputs in the same order give the same outputs in the same order,
/// whatever was saved and loaded in between; nothing it does depends on a clock or on the order of a hash table.
/// </summary>
public interface IOperator
{
    /// <summary>About how many bytes of memory the state takes; 0 where there is none.</summary>
    long StateBytes => 0;

    /// <summary>
    /// How many bytes the state may take, said before all else. Where one record may add much to it, the operator
    /// itself looks, and throws <see cref="StateLimitException"/>; between records the instance does.
    /// </summary>
    void Limit(long stateBytes)
    {
    }

    void Process(in StageRecord record, IOperatorOutput output);

    /// <summary>
    /// The watermark is now <paramref name="watermark"/> (ticks UTC): no event with a time before it is expected.
    /// Windows whose end plus lateness it exceeds close, in the order of their ends, then of their keys' bytes.
    /// </summary>
    void Advance(long watermark, IOperatorOutput output);

    /// <summary>Writes the state, in a form that equal states share.</summary>
    void Save(IBufferWriter<byte> to);

    /// <summary>Takes over a saved state; throws <see cref="InvalidDataException"/> where it is not one.</summary>
    void Load(ReadOnlySpan<byte> from);
}
