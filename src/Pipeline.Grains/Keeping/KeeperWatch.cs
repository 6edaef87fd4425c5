using Microsoft.Extensions.Hosting;
using Pipeline.Grains.Calls;

namespace Pipeline.Grains.Keeping;

/// <summary>On every silo: has the keeper be active somewhere, also after all silos were started again.</summary>
internal sealed class KeeperWatch(IGrainFactory grains, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var keeper = grains.GetGrain<IKeeperGrain>(KeeperGrain.Key);
        try
        {
            while (true)
            {
                try
                {
                    await keeper.TouchAsync().WaitAsync(Patience, time, stoppingToken);
                }
                catch (Exception fault) when (ClusterFault.Is(fault))
                {
                    // Asked again.
                }

                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }
}
