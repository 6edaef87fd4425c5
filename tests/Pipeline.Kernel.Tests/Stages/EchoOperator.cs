using System.Buffers;
using Pipeline.Kernel.Stages;

namespace Pipeline.Kernel.Tests.Stages;

/// <summary>Passes events on; rejects the value "bad".</summary>
internal sealed class EchoOperator : IOperator
{
    public void Process(in StageRecord record, IOperatorOutput output)
    {
        if (record.Value.SequenceEqual("\"bad\""u8))
        {
            output.Reject(record, "it is bad");
            return;
        }

        output.Emit(record.Key, record.Value, record.Time);
    }

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
