using Pipeline.Kernel.Codecs;

namespace Pipeline.Ingestion;

/// <summary>One POST of events, decompressed, its headers understood.</summary>
public sealed record IngestRequest
{
    public required IngestTarget Target { get; init; }

    public required BodyFormat Format { get; init; }

    /// <summary>The body, set before the request is taken in; may be reused as soon as the outcome is there.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>The Event-Key header, UTF-8.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    public DeduplicationHandle Handle { get; init; }

    /// <summary>Only with <see cref="BodyFormat.CloudEventBinary"/>.</summary>
    public BinaryCloudEvent? CloudEvent { get; init; }

    /// <summary>All partitions or none.</summary>
    public bool IsAtomic { get; init; }

    internal HandleKind HandleKind =>
        Format is BodyFormat.Ndjson or BodyFormat.Json ? Handle.Kind : HandleKind.Event;
}
