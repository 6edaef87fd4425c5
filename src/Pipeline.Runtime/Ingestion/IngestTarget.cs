using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Partitions;

namespace Pipeline.Runtime.Ingestion;

/// <summary>A stream as ingestion sees it.</summary>
/// <param name="Stream">Its name.</param>
/// <param name="Partitions">Its partitions, by number.</param>
/// <param name="Key">Where the key lies in an event; null where the stream has none.</param>
/// <param name="SpreadsMissing">Whether an event without key is spread instead of refused.</param>
public sealed record IngestTarget(
    StreamName Stream, IReadOnlyList<IPartition> Partitions, KeyPath? Key, bool SpreadsMissing);
