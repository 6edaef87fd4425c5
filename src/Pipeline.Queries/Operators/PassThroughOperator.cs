using System.Buffers;
using Pipeline.Kernel.Stages;

namespace Pipeline.Queries.Operators;

/// <summary>Every event as it is, key, value and time.</summary>
public sealed class PassThroughOperator : IOperator
{
    public void Process(in StageRecord record, IOperatorOutput output) =>
        output.Emit(record.Key, record.Value, record.Time);

    public void Advance(long watermark, IOperatorOutput output)
    {
    }

    public void Save(IBufferWriter<byte> to)
    {
    }

    public void Load(ReadOnlySpan<byte> from)
    {
        if (!from.IsEmpty)
        {
            throw new InvalidDataException("A pass-through operator has no state.");
        }
    }
}
