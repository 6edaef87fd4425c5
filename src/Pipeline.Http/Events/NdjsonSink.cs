using System.Buffers;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Http.Events;

/// <summary>One event a line.</summary>
internal sealed class NdjsonSink(IBufferWriter<byte> to, bool withTrace) : IEventSink
{
    private readonly EventJson _json = new(to);

    public void Write(int partition, long offset, long acceptedTicks, in RecordView record, in TraceContext trace)
    {
        _json.Write(partition, offset, acceptedTicks, record, withTrace ? trace : default);
        to.Write("\n"u8);
    }
}
