using Pipeline.Kernel.Codecs;

namespace Pipeline.Http.Events;

/// <summary>Where read events go.</summary>
internal interface IEventSink
{
    /// <summary>Takes one event; synchronous, into a buffer.</summary>
    void Write(int partition, long offset, long acceptedTicks, in RecordView record, in TraceContext trace);
}
