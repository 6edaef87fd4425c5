using Pipeline.Definitions;
using Pipeline.Ingestion;
using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Catalog;

/// <summary>Streams as ingestion sees them.</summary>
public static class StreamTargets
{
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
