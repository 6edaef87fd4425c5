using Pipeline.Kernel.Codecs;

namespace Pipeline.Http.Events;

/// <summary>Passes on the events of one key, as many as are wanted.</summary>
internal sealed class KeyedSink(IEventSink to, ReadOnlyMemory<byte> key, long max) : IEventSink
{
    /// <summary>Events passed on.</summary>
    public long Written { get; private set; }

    public void Write(int partition, long offset, long acceptedTicks, in RecordView record, in TraceContext trace)
    {
        if (Written < max && record.HasKey && record.Key.SequenceEqual(key.Span))
        {
            to.Write(partition, offset, acceptedTicks, record, trace);
            Written++;
        }
    }
}
