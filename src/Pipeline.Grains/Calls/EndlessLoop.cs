using Microsoft.Extensions.Logging;

namespace Pipeline.Grains.Calls;

/// <summary>
/// What a process does by turns for as long as it runs: no failure ends it, or it would end the process.
/// </summary>
internal static class EndlessLoop
{
    /// <summary>Ends when <paramref name="stop"/> says so, without an exception.</summary>
    /// <param name="turn">Done again after each pause; what it throws that no dying silo explains is logged.</param>
    /// <param name="pause">Between turns.</param>
    /// <param name="time">Where it waits.</param>
    /// <param name="log">Of whoever does it.</param>
    /// <param name="stop">The process stops.</param>
    public static async Task RunAsync(
        Func<Task> turn, TimeSpan pause, TimeProvider time, ILogger log, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await turn();
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                if (!ClusterFault.Is(fault))
                {
                    log.LogTurn(fault);
                }
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
