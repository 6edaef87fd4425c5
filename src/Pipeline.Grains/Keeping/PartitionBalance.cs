using Pipeline.Grains.Calls;
using Pipeline.Grains.Instances;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Spreading;

namespace Pipeline.Grains.Keeping;

/// <summary>
/// Evens out how many partitions zones and silos serve: once the silos have been the same for a while and all
/// partitions serve, one at a time moves (<see cref="BalancePlan"/>); then stages that are not beside what they read.
/// </summary>
internal sealed class PartitionBalance(ISiloStatusOracle silos, Zones zones, TimeProvider time)
{
    private const int MovesAtATime = 2;

    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>Silos that were told to stop: they get nothing more.</summary>
    private readonly HashSet<SiloAddress> _leaving = [];

    private IReadOnlyList<SiloPlace> _silos = [];
    private long _since;

    public async Task EvenAsync(
        IReadOnlyList<GrainPartition> partitions, IReadOnlyCollection<GrainInstance> instances)
    {
        var active = zones.Of(Staying());
        if (!active.SequenceEqual(_silos))
        {
            (_silos, _since) = (active, time.GetTimestamp());
        }

        if (active.Count < 2 || time.GetElapsedTime(_since) < Settled
            || partitions.Any(partition => partition.Report is not { IsServing: true } report
                || !active.Any(place => place.Silo.Equals(report.Silo))))
        {
            return;
        }

        try
        {
            var placed = partitions.Select(static partition =>
                new PlacedPartition(partition.Id, partition.Report!.Silo)).ToList();
            if (BalancePlan.Next(placed, active) is { } move)
            {
                await partitions[move.Partition].MoveAsync(move.Target);
            }
            else if (instances.FirstOrDefault(static instance => instance.IsAway) is { } away)
            {
                await away.FollowAsync();
            }
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            // The next round looks again.
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
            await Task.WhenAll(some.Select(partition => MoveAsync(partition, zones.Of(staying))));
        }
    }

    /// <summary>To where it would be placed if the others were all there are; serves there when this ends.</summary>
    private static async Task MoveAsync(GrainPartition partition, IReadOnlyCollection<SiloPlace> staying)
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
}
