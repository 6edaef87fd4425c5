using Pipeline.Kernel.Codecs;
using Pipeline.Replication.Partitions;

namespace Pipeline.Http.Events;

/// <summary>Walks the events of a block.</summary>
internal static class BlockEvents
{
    /// <summary>Gives up to <paramref name="max"/> events from an offset on; returns how many.</summary>
    public static int Copy(in LogBlock block, int partition, long from, int max, IEventSink to)
    {
        var payload = block.Payload.Span;
        var offset = block.First.Value;
        var written = 0;
        while (written < max && PartCodec.TryRead(payload, out var part, out var size))
        {
            payload = payload[size..];
            if (part.Header.Kind != PartKind.Events)
            {
                continue;
            }

            if (offset + part.Header.Count > from)
            {
                written += CopyPart(part, partition, offset, from, max - written, to);
            }

            offset += part.Header.Count;
        }

        return written;
    }

    private static int CopyPart(in PartView part, int partition, long first, long from, int max, IEventSink to)
    {
        var records = part.Body;
        var written = 0;
        var offset = first;
        var trace = part.Trace;
        while (written < max && RecordCodec.TryRead(records, out var record, out var length))
        {
            records = records[length..];
            if (offset >= from)
            {
                to.Write(partition, offset, part.Header.AcceptedTime, record, trace);
                written++;
            }

            offset++;
        }

        return written;
    }
}
