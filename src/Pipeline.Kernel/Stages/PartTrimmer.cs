using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages;

/// <summary>Leaves out of a part the records its target holds already.</summary>
public static class PartTrimmer
{
    /// <summary>The records after <paramref name="last"/>; null where no record has that origin.</summary>
    public static OutputPart? After(OutputPart part, Origin last)
    {
        if (!PartCodec.TryRead(part.Bytes.Span, out var view, out _))
        {
            return null;
        }

        var body = view.Body;
        for (var count = view.Header.Count;
            count > 0 && RecordCodec.TryRead(body, out var record, out var size);
            count--)
        {
            body = body[size..];
            if (record.Origin == last)
            {
                var header = view.Header with { Count = count - 1, Previous = last };
                var headerSize = PartCodec.HeaderSize(header.HandleKind, header.Count);
                var bytes = new byte[headerSize + body.Length + part.Trace.EncodedSize];
                PartCodec.WriteHeader(header, [], body.Length, bytes);
                body.CopyTo(bytes.AsSpan(headerSize));
                PartCodec.WriteTrace(bytes, view.Trace);
                return new OutputPart(header, bytes, part.Trace);
            }
        }

        return null;
    }
}
