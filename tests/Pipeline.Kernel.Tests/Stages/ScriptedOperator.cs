using System.Buffers;
using System.Text;
using Pipeline.Kernel.Stages;

namespace Pipeline.Kernel.Tests.Stages;

/// <summary>
/// Does what the event says: <c>"throw"</c>, <c>"memory"</c> (out of memory), <c>"cast"</c>, <c>"key"</c> (a key that
/// is too long), a number: a result of so many bytes, which are counted as state; <c>"close"</c> throws at the next
/// watermark.
/// </summary>
internal sealed class ScriptedOperator : IOperator
{
    private bool _throwsAtWatermark;

    public long StateBytes { get; private set; }

    public long Limited { get; private set; }

    public void Limit(long stateBytes) => Limited = stateBytes;

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        switch (Encoding.UTF8.GetString(record.Value))
        {
            case "\"throw\"":
                throw new InvalidOperationException("thrown on purpose");
            case "\"memory\"":
#pragma warning disable CA2201 // What the runtime itself would throw.
                throw new OutOfMemoryException("no memory left");
#pragma warning restore CA2201
            case "\"cast\"":
                _ = (string)(object)record.Offset;
                break;
            case "\"key\"":
                output.Emit(new byte[70_000], "1"u8, record.Time);
                break;
            case "\"close\"":
                _throwsAtWatermark = true;
                break;
            case var text:
                var length = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
                output.Emit(record.Key, new byte[length].AsSpan(), record.Time);
                StateBytes += length;
                break;
        }
    }

    public void Advance(long watermark, IOperatorOutput output)
    {
        if (_throwsAtWatermark)
        {
            throw new InvalidOperationException("thrown at the watermark");
        }
    }

    public void Save(IBufferWriter<byte> to)
    {
    }

    public void Load(ReadOnlySpan<byte> from)
    {
    }
}
