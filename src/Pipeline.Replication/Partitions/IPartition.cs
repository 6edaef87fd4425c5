using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions;

/// <summary>
/// One partition, seen from whoever appends or reads: in process (standalone) or through a grain (cluster). May be
/// called from any thread; expected outcomes are values.
/// </summary>
public interface IPartition : IBlockSource
{
    /// <summary>Whether an append is worth trying now; one that is not served may be served elsewhere.</summary>
    bool MayAppend => Status.IsServing;

    /// <summary>
    /// Whether it was opened and has not served yet: it will soon, where a majority of stores answers.
    /// </summary>
    bool IsOpening => false;

    /// <summary>Appends one part; completes when it is committed on a majority of stores, or refused.</summary>
    ValueTask<AppendOutcome> AppendAsync(AppendRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Asks this partition, as the handle's home, whether a request may run, and marks it as running until
    /// <see cref="Release"/>. <paramref name="request"/> is the header of the home part (events or none).
    /// </summary>
    ValueTask<ReserveOutcome> ReserveAsync(Kernel.Codecs.PartHeader request, CancellationToken cancellationToken);

    /// <summary>The request with this header is not running any more.</summary>
    void Release(Kernel.Codecs.PartHeader request);

    /// <summary>The last origin this partition holds of a platform producer; raises its generation fence.</summary>
    ValueTask<AppendOutcome> OpenProducerAsync(Hash128 producer, long generation, CancellationToken cancellationToken);

    /// <summary>The first committed offset whose acceptance time is not before <paramref name="ticks"/>.</summary>
    ValueTask<LogOffset> FindAsync(long ticks, CancellationToken cancellationToken);

    /// <summary>Lets go of everything before <paramref name="lowWater"/>: published first, deleted later.</summary>
    ValueTask TrimAsync(LogOffset lowWater, CancellationToken cancellationToken);
}
