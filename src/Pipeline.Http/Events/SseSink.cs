using System.Buffers;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Http.Events;

/// <summary>One server-sent event each; its id is the position after it.</summary>
internal sealed class SseSink(IBufferWriter<byte> to, TailPosition position, bool withTrace) : IEventSink
{
    private readonly EventJson _json = new(to);

    public void Write(int partition, long offset, long acceptedTicks, in RecordView record, in TraceContext trace)
    {
        position.Set(partition, offset + 1);
        to.Write("id: "u8);
        position.Write(to);
        to.Write("\ndata: "u8);
        _json.Write(partition, offset, acceptedTicks, record, withTrace ? trace : default);
        to.Write("\n\n"u8);
    }
}
