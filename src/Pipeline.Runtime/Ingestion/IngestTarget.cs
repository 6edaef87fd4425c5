using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Partitions;

namespace Pipeline.Runtime.Ingestion;

/// <summary>A stream as ingestion sees it.</summary>
public sealed record IngestTarget
{
    public required StreamName Stream { get; init; }

    /// <summary>All partitions, by number.</summary>
    public required IReadOnlyList<IPartition> Partitions { get; init; }

    /// <summary>Where the key lies in an event; null where the stream has none.</summary>
    public KeyPath? Key { get; init; }

    /// <summary>How keys find their partitions.</summary>
    public KeyHash KeyHash { get; init; } = KeyHash.ByValue;

    /// <summary>Whether an event without key is spread instead of refused.</summary>
    public bool SpreadsMissing { get; init; }

    public IngestLimits Limits { get; init; } = IngestLimits.Default;

    public static IngestTarget Of(IStream stream)
    {
        var definition = stream.Definition;
        return new IngestTarget
        {
            Stream = stream.Name,
            Partitions = stream.Partitions,
            Key = definition.Key is null
                ? null
                : new KeyPath(definition.Key) { TakesFirst = definition.KeyHash != KeyHash.ByText },
            KeyHash = definition.KeyHash,
            SpreadsMissing = definition.MissingKey == MissingKey.Spread,
            Limits = IngestLimits.Default with
            {
                MaxEventBytes = definition.MaxEventBytes,
                MaxRequestBytes = definition.MaxRequestBytes,
            },
        };
    }
}
