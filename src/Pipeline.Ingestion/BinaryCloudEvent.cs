using Pipeline.Kernel.Identity;

namespace Pipeline.Ingestion;

/// <summary>What the ce-* headers of a binary CloudEvent say.</summary>
/// <param name="Attributes">All attributes as one JSON object.</param>
/// <param name="Handle">The hash of (source, id).</param>
/// <param name="PartitionKey">The attribute partitionkey, if there is one.</param>
public sealed record BinaryCloudEvent(
    ReadOnlyMemory<byte> Attributes, Hash128 Handle, ReadOnlyMemory<byte>? PartitionKey);
