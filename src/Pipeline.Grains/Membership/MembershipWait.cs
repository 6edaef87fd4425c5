using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Pipeline.Grains.Membership;

/// <summary>
/// Before Orleans starts: waits until the database of the membership answers, which Orleans itself does not. What
/// waiting does not cure (no tables, a wrong password) ends the start.
/// </summary>
/// <param name="ask">Asks it anything; throws where it does not answer.</param>
/// <param name="time">Where it waits.</param>
/// <param name="log">Says so.</param>
internal sealed class MembershipWait(
    Func<CancellationToken, Task> ask, TimeProvider time, ILogger<MembershipWait> log) : IHostedLifecycleService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await ask(cancellationToken);
                return;
            }
            catch (Exception fault) when (IsPassing(fault))
            {
                log.LogAway(fault.Message);
            }
            catch (DbException fault)
            {
                throw MembershipException.Of(fault);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsPassing(Exception fault) =>
        fault is DbException { IsTransient: true } or SocketException or TimeoutException;
}
