namespace Pipeline.Replication.Partitions;

/// <summary>
/// The home partition's answer about a handle: Appended = go on (new, or a retry with the same body whose parts each
/// partition deduplicates); or KeyReused, InProgress, ProducerGap, ProducerForgotten,
/// TooManyHandles, NotAppended.
/// </summary>
public readonly record struct ReserveOutcome(AppendStatus Status, long Expected = 0);
