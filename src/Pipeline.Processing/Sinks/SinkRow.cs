using Pipeline.Kernel.Codecs;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Sinks;

/// <summary>One event on its way to a target.</summary>
/// <param name="Offset">Its offset in the sink's input partition.</param>
/// <param name="AcceptedTime">When that accepted it, ticks UTC.</param>
/// <param name="Value">The JSON text, valid and UTF-8.</param>
internal readonly record struct SinkRow(long Offset, long AcceptedTime, byte[] Value)
{
    /// <summary>Its key; null: it has none.</summary>
    public byte[]? Key { get; init; }

    /// <summary>What it had as a CloudEvent beside its value, as a JSON object; null: it was none.</summary>
    public byte[]? Attributes { get; init; }

    /// <summary>
    /// Adds the events of a block from <paramref name="from"/> on; returns the offset after the last one.
    /// </summary>
    public static long Add(in LogBlock block, long from, List<SinkRow> rows)
    {
        var offset = block.First.Value;
        for (var rest = block.Payload.Span; PartCodec.TryRead(rest, out var part, out var size); rest = rest[size..])
        {
            var body = part.Body;
            for (var i = 0; i < part.Header.Count && RecordCodec.TryRead(body, out var record, out var length); i++)
            {
                body = body[length..];
                if (offset >= from)
                {
                    rows.Add(new SinkRow(offset, part.Header.AcceptedTime, record.Value.ToArray())
                    {
                        Key = record.HasKey ? record.Key.ToArray() : null,
                        Attributes = record.Attributes.IsEmpty ? null : record.Attributes.ToArray(),
                    });
                }

                offset++;
            }
        }

        return Math.Max(offset, from);
    }
}
