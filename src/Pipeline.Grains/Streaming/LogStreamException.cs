using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Streaming;

/// <summary>
/// Told to an observer: why nothing comes. After <see cref="ReadStatus.Unavailable"/> the subscription goes on by
/// itself; after the others it has ended, until it is resumed at another token.
/// </summary>
public sealed class LogStreamException : Exception
{
    internal LogStreamException(string stream, LogToken token, ReadOutcome outcome)
        : base(outcome.Status switch
        {
            ReadStatus.Trimmed => $"{stream}: {token} was deleted by retention; {outcome.First} is the first kept.",
            ReadStatus.BeyondEnd => $"{stream}: {token} lies beyond the end, {outcome.Committed}.",
            _ => $"{stream} cannot be read now.",
        }) => Outcome = outcome;

    /// <summary>Trimmed, BeyondEnd or Unavailable.</summary>
    public ReadStatus Status => Outcome.Status;

    /// <summary>The first offset kept; with Trimmed.</summary>
    public long First => Outcome.First.Value;

    /// <summary>The committed end; with BeyondEnd.</summary>
    public long Committed => Outcome.Committed.Value;

    internal ReadOutcome Outcome { get; }
}
