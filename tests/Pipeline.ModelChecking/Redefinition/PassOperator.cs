using System.Buffers;
using Pipeline.Kernel.Stages;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>Hands its events on as they are.</summary>
internal sealed class PassOperator : IOperator
{
    public void Process(in StageRecord record, IOperatorOutput output) =>
        output.Emit(default, record.Value, record.Time);

    public void Advance(long watermark, IOperatorOutput output)
    {
    }

    public void Save(IBufferWriter<byte> to)
    {
    }

    public void Load(ReadOnlySpan<byte> from)
    {
    }
}
