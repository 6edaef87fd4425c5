using Pipeline.Grains.Calls;
using Pipeline.Grains.Partitions;

namespace Pipeline.Grains.Keeping;

/// <summary>
/// Evens out how many partitions each silo serves: once the silos have been the same for a while and all partitions
/// serve, one partition at a time goes from the silo with most to the one with fewest, until they differ by one.
/// </summary>
internal sealed class PartitionBalance(ISiloStatusOracle silos, TimeProvider time)
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private SiloAddress[] _silos = [];
    private long _since;

    public async Task EvenAsync(IReadOnlyCollection<GrainPartition> partitions)
    {
        SiloAddress[] active = [.. silos.GetActiveSilos().Order()];
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

        var counts = active.Select(silo => (Silo: silo, Partitions: partitions
            .Where(partition => partition.Report!.Silo.Equals(silo)).ToList())).ToList();
        var most = counts.MaxBy(static count => count.Partitions.Count);
        var fewest = counts.MinBy(static count => count.Partitions.Count);
        if (most.Partitions.Count - fewest.Partitions.Count > 1)
        {
            try
            {
                await most.Partitions[0].MoveAsync(fewest.Silo);
            }
            catch (Exception fault) when (ClusterFault.Is(fault))
            {
                // The next round looks again.
            }
        }
    }
}
