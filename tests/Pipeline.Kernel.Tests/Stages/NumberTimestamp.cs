using System.Buffers.Text;
using Pipeline.Kernel.Stages;

namespace Pipeline.Kernel.Tests.Stages;

/// <summary>The value is the event time.</summary>
internal sealed class NumberTimestamp : ITimestamp
{
    public bool TryRead(in StageRecord record, out long ticks) =>
        Utf8Parser.TryParse(record.Value, out ticks, out var read) && read == record.Value.Length;
}
