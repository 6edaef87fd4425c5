using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions.Reading;

/// <summary>
/// A partition for one reader in a process that has the stores: closed segments come from a store, what is newer from
/// the partition's owner. Where no store gives something, the owner is asked for that too, for a while.
/// </summary>
/// <param name="owner">The partition, wherever it is served.</param>
/// <param name="closed">Its log's closed segments.</param>
/// <param name="time">How long the stores are left alone after they gave nothing.</param>
public sealed class LogSource(IBlockSource owner, ClosedReader closed, TimeProvider time) : IBlockSource
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private long? _failed;

    public PartitionId Id => owner.Id;

    public PartitionStatus Status => owner.Status;

    public async ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        if (_failed is { } failed && time.GetElapsedTime(failed) < Rest)
        {
            return await owner.ReadAsync(request, cancellationToken);
        }

        var outcome = await closed.ReadAsync(request, cancellationToken);
        if (outcome.Status is ReadStatus.BeyondEnd or ReadStatus.Trimmed)
        {
            outcome = await owner.ReadAsync(request with { LeavesClosed = true }, cancellationToken);
            if (outcome.Status == ReadStatus.Closed && await closed.RefreshAsync(cancellationToken))
            {
                outcome = await closed.ReadAsync(request, cancellationToken);
            }
            else if (outcome.Status != ReadStatus.Closed)
            {
                return outcome;
            }
        }

        if (outcome.Status == ReadStatus.Ok)
        {
            return outcome;
        }

        _failed = outcome.Status is ReadStatus.Closed or ReadStatus.Unavailable ? time.GetTimestamp() : null;
        return await owner.ReadAsync(request, cancellationToken);
    }
}
