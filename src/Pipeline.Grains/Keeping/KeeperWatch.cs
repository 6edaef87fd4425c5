using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Grains.Calls;
using Pipeline.Grains.Partitions;

namespace Pipeline.Grains.Keeping;

/// <summary>
/// On every silo: tells the keeper how this silo's partitions are, which also has the keeper be active somewhere, also
/// after all silos were started again.
/// </summary>
internal sealed class KeeperWatch(
    IGrainFactory grains, LocalPartitions partitions, TimeProvider time, ILogger<KeeperWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var keeper = grains.GetGrain<IKeeperGrain>(KeeperGrain.Key);
        var isKnown = false;
        await EndlessLoop.RunAsync(
            async () =>
            {
                var report = partitions.Next(isFull: !isKnown);
                isKnown = false;
                isKnown = await keeper.ReportAsync(report).WaitAsync(Patience, time, stoppingToken);
            },
            Interval, time, log, stoppingToken);
    }
}
