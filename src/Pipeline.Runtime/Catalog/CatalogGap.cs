namespace Pipeline.Runtime.Catalog;

/// <summary>A hole in the output of a stage that was not kept as a stream for a while.</summary>
/// <param name="Partition">The partition of the output, and of what the stage's group reads.</param>
/// <param name="BeforeOffset">The first offset after the hole.</param>
/// <param name="InputFrom">The first input offset whose outputs are missing.</param>
/// <param name="InputTo">The input offset after the last of them; null: the stream is not kept now.</param>
public sealed record CatalogGap(int Partition, long BeforeOffset, long InputFrom, long? InputTo);
