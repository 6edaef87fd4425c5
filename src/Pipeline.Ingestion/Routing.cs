using Pipeline.Kernel.Identity;

namespace Pipeline.Ingestion;

/// <summary>How the events of one request find their partitions.</summary>
internal sealed record Routing
{
    public required int Partitions { get; init; }

    /// <summary>The stream's key field; null where the stream has none and spreads its requests.</summary>
    public KeyPath? Path { get; init; }

    public required KeyHash KeyHash { get; init; }

    /// <summary>The Event-Key header: the key of every event of the request.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>Whether an event without key goes to <see cref="SpreadPartition"/> instead of being refused.</summary>
    public bool SpreadsMissing { get; init; }

    /// <summary>Where events without key go: chosen by the request's handle, else at random.</summary>
    public int SpreadPartition { get; init; }
}
