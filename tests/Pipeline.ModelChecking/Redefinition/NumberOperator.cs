using System.Buffers;
using System.Text;
using Pipeline.Kernel.Stages;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>Emits each event with the number of events before it: <c>2/3</c> is event 2, the fourth one.</summary>
internal sealed class NumberOperator : IOperator
{
    private byte _count;

    public void Process(in StageRecord record, IOperatorOutput output) => output.Emit(
        default, Encoding.UTF8.GetBytes($"{(char)record.Value[0]}/{_count++}"), record.Time);

    public void Advance(long watermark, IOperatorOutput output)
    {
    }

    public void Save(IBufferWriter<byte> to) => to.Write([_count]);

    public void Load(ReadOnlySpan<byte> from) => _count = from[0];
}
