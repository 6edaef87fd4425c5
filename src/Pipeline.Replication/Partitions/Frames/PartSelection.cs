using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions.Frames;

/// <summary>A part with some of its events left out: those that were appended before.</summary>
internal static class PartSelection
{
    public static ReadOnlyMemory<byte> Keep(AppendRequest request, IReadOnlyList<int> kept)
    {
        if (!PartCodec.TryRead(request.Part.Span, out var part, out _))
        {
            throw new InvalidDataException("the buffer of an append is not one part");
        }

        var records = new List<Range>(part.Header.Count);
        for (var at = 0; at < part.Body.Length;)
        {
            if (!RecordCodec.TryRead(part.Body[at..], out _, out var size))
            {
                throw new InvalidDataException("a part does not consist of whole records");
            }

            records.Add(new Range(at, at + size));
            at += size;
        }

        var length = 0;
        var handles = new Hash128[kept.Count];
        for (var i = 0; i < kept.Count; i++)
        {
            handles[i] = part.EventHandle(kept[i]);
            length += records[kept[i]].End.Value - records[kept[i]].Start.Value;
        }

        var header = part.Header with { Count = kept.Count };
        var headerSize = PartCodec.HeaderSize(header.HandleKind, header.Count);
        var encoded = new byte[headerSize + length + part.Trace.EncodedSize];
        var to = encoded.AsSpan(PartCodec.WriteHeader(header, handles, length, encoded));
        foreach (var number in kept)
        {
            part.Body[records[number]].CopyTo(to);
            to = to[(records[number].End.Value - records[number].Start.Value)..];
        }

        PartCodec.WriteTrace(encoded, part.Trace);
        return encoded;
    }
}
