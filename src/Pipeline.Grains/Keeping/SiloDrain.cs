using Microsoft.Extensions.Hosting;
using Pipeline.Grains.Calls;

namespace Pipeline.Grains.Keeping;

/// <summary>
/// A silo that is told to stop first has the keeper move its partitions, while it still serves calls and its gateway
/// is open: each pauses for as long as its own move takes.
/// </summary>
internal sealed class SiloDrain(IGrainFactory grains, ILocalSiloDetails silo, TimeProvider time)
    : IHostedLifecycleService
{
    /// <summary>After that it stops as it is: what it still has moves when its grains are deactivated.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IKeeperGrain>(KeeperGrain.Key).LeaveAsync(silo.SiloAddress)
                .WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception fault) when (ClusterFault.Is(fault) || fault is OperationCanceledException)
        {
            // Nobody keeps now, or it takes too long.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
