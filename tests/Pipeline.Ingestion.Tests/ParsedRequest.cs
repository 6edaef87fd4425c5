using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Ingestion.Tests;

/// <summary>A request parsed, and its parts decoded again by the codecs the log uses.</summary>
internal sealed class ParsedRequest
{
    private ParsedRequest(IngestOutcome? refusal) => Refusal = refusal;

    public IngestOutcome? Refusal { get; }

    public List<PartHeader> Headers { get; } = [];

    public List<TraceContext> Traces { get; } = [];

    /// <summary>In the order of the parts: partition, key ("-" for none), value, attributes.</summary>
    public List<(int Partition, string Key, string Value, string Attributes)> Events { get; } = [];

    public static ParsedRequest Of(
        string body, BodyFormat format = BodyFormat.Ndjson, string? key = null,
        Func<IngestRequest, IngestRequest>? with = null, int partitions = 4) =>
        Of(Encoding.UTF8.GetBytes(body), format, key, with, partitions);

    public static ParsedRequest Of(
        byte[] body, BodyFormat format = BodyFormat.Ndjson, string? key = null,
        Func<IngestRequest, IngestRequest>? with = null, int partitions = 4, TraceContext trace = default)
    {
        var request = new IngestRequest
        {
            Target = new IngestTarget
            {
                Stream = new StreamName("s"),
                Partitions = new IPartition[partitions],
                Key = key is null ? null : new KeyPath(key),
            },
            Format = format,
            Body = body,
        };
        var refusal = RequestParser.TryParse(
            with is null ? request : with(request), new SpreadSource(new Random(1)), trace, out var parts);
        var parsed = new ParsedRequest(refusal);
        foreach (var part in parts)
        {
            parsed.Decode(part);
        }

        return parsed;
    }

    private void Decode(IngestPart part)
    {
        if (!PartCodec.TryRead(part.Bytes.Span, out var view, out var size) || size != part.Bytes.Length)
        {
            throw new InvalidDataException("not one whole part");
        }

        if (view.Header != part.Header)
        {
            throw new InvalidDataException("the encoded header is another one");
        }

        Headers.Add(view.Header);
        Traces.Add(view.Trace);
        var body = view.Body;
        for (var i = 0; i < view.Header.Count; i++)
        {
            if (!RecordCodec.TryRead(body, out var record, out var length))
            {
                throw new InvalidDataException("not a whole record");
            }

            Events.Add((
                part.Partition,
                record.HasKey ? Encoding.UTF8.GetString(record.Key) : "-",
                Encoding.UTF8.GetString(record.Value),
                Encoding.UTF8.GetString(record.Attributes)));
            body = body[length..];
        }

        if (!body.IsEmpty)
        {
            throw new InvalidDataException("something follows the records");
        }
    }
}
