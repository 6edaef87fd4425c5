using Pipeline.Grains.Calls;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Spreading;

namespace Pipeline.Grains.Keeping;

/// <summary>
/// Evens out how many partitions of each stream a silo serves: once the silos have been the same for a while and
/// all partitions serve, one at a time goes from the silo with most to the one with fewest, until they differ by one.
/// </summary>
internal sealed class PartitionBalance(ISiloStatusOracle silos, TimeProvider time)
{
    private const int MovesAtATime = 2;

    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>Silos that were told to stop: they get nothing more.</summary>
    private readonly HashSet<SiloAddress> _leaving = [];

    private SiloAddress[] _silos = [];
    private long _since;

    public async Task EvenAsync(IReadOnlyCollection<GrainPartition> partitions)
    {
        var active = Staying();
        if (!active.SequenceEqual(_silos))
        {
            (_silos, _since) = (active, time.GetTimestamp());
        }

        if (active.Length < 2 || time.GetElapsedTime(_since) < Settled
            || partitions.Any(partition => partition.Report is not { IsServing: true } report
                || !active.Contains(report.Silo)))
        {
            return;
        }

        foreach (var stream in partitions.GroupBy(static partition => partition.Id.Stream))
        {
            if (await MoveOneAsync([.. stream], partitions, active))
            {
                return;
            }
        }
    }

    /// <summary>Has a silo's partitions served by others, two moves at a time.</summary>
    public async Task LeaveAsync(SiloAddress leaving, IReadOnlyCollection<GrainPartition> partitions)
    {
        _leaving.Add(leaving);
        var staying = Staying();
        await Task.WhenAll(partitions.Select(static partition => partition.RefreshAsync().AsTask()));
        var own = partitions.Where(partition => leaving.Equals(partition.Report?.Silo)).ToList();
        foreach (var some in staying.Length == 0 ? [] : own.Chunk(MovesAtATime))
        {
            await Task.WhenAll(some.Select(partition => MoveAsync(partition, staying)));
        }
    }

    /// <summary>To where it would be placed if the others were all there are; serves there when this ends.</summary>
    private static async Task MoveAsync(GrainPartition partition, SiloAddress[] staying)
    {
        try
        {
            await partition.MoveAsync(SpreadDirector.Choose(partition.Key.ToString(), staying));
            await partition.RefreshAsync();
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            // It moves when its grain is deactivated.
        }
    }

    private SiloAddress[] Staying()
    {
        var active = silos.GetActiveSilos();
        _leaving.IntersectWith(active);
        return [.. active.Where(silo => !_leaving.Contains(silo)).Order()];
    }

    private static async Task<bool> MoveOneAsync(
        List<GrainPartition> stream, IReadOnlyCollection<GrainPartition> all, SiloAddress[] active)
    {
        // Between silos that have as many of the stream, that which has fewer of all.
        var shares = active.Select(silo => (
            Silo: silo,
            Own: stream.FindAll(partition => partition.Report!.Silo.Equals(silo)),
            All: all.Count(partition => partition.Report!.Silo.Equals(silo)))).ToList();
        var most = shares.MaxBy(static share => (share.Own.Count, share.All));
        var fewest = shares.MinBy(static share => (share.Own.Count, share.All));
        if (most.Own.Count - fewest.Own.Count <= 1)
        {
            return false;
        }

        try
        {
            await most.Own[0].MoveAsync(fewest.Silo);
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            // The next round looks again.
        }

        return true;
    }
}
