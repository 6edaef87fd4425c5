using System.Buffers;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Http.Events;

/// <summary>One server-sent event each; its id is the position after it.</summary>
internal sealed class SseSink(IBufferWriter<byte> to, TailPosition position) : IEventSink
{
    private readonly EventJson _json = new(to);

    public void Write(int partition, long offset, long acceptedTicks, in RecordView record)
    {
        position.Set(partition, offset + 1);
        to.Write("id: "u8);
        position.Write(to);
        to.Write("\ndata: "u8);
        _json.Write(partition, offset, acceptedTicks, record);
        to.Write("\n\n"u8);
    }
}
