using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Replication.Partitions;
using Pipeline.Simulation.Histories;

namespace Pipeline.Simulation.Clients;

/// <summary>Takes committed blocks apart into events.</summary>
public static class BlockDecoder
{
    /// <summary>The events of a block, in order; a block that does not hold what it says is an exception.</summary>
    public static List<ReadEvent> Read(LogBlock block)
    {
        var events = new List<ReadEvent>(block.Count);
        var rest = block.Payload.Span;
        while (!rest.IsEmpty)
        {
            if (!PartCodec.TryRead(rest, out var part, out var size))
            {
                throw new InvalidDataException($"No part at the end of the block at {block.Position}.");
            }

            if (part.Header.Kind == PartKind.Events)
            {
                ReadPart(part, block.First.Value, events);
            }

            rest = rest[size..];
        }

        return events.Count == block.Count
            ? events
            : throw new InvalidDataException($"{events.Count} events in a block of {block.Count}.");
    }

    private static void ReadPart(PartView part, long first, List<ReadEvent> events)
    {
        var body = part.Body;
        while (!body.IsEmpty)
        {
            if (!RecordCodec.TryRead(body, out var record, out var size))
            {
                throw new InvalidDataException("No record where one should be.");
            }

            events.Add(new ReadEvent(
                first + events.Count,
                Encoding.UTF8.GetString(record.Key),
                Encoding.UTF8.GetString(record.Value),
                part.Header.AcceptedTime));
            body = body[size..];
        }
    }
}
