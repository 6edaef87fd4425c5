namespace Pipeline.Runtime.Pipelines;

/// <summary>A page of dead letters.</summary>
/// <param name="Status">Done, NotFound or Unavailable.</param>
/// <param name="Letters">One JSON object each (stage, stream, partition, offset, reason, attempts, value), oldest
/// first.</param>
/// <param name="Next">Where the next page begins.</param>
public sealed record DeadLetterPage(
    PipelineOutcomeStatus Status, IReadOnlyList<ReadOnlyMemory<byte>> Letters, long Next);
