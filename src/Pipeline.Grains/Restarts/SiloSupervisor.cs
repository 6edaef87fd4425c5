using Pipeline.Grains.Membership;

namespace Pipeline.Grains.Restarts;

/// <summary>
/// Runs a silo, and another one in its place where the cluster went on without it: a process that was frozen or cut off
/// for a while need not end for that.
/// </summary>
/// <param name="live">Runs one silo from its start to its end, and lets go of everything that it held.</param>
/// <param name="time">Where it waits.</param>
/// <param name="errors">Where the process says why it ends.</param>
public sealed class SiloSupervisor(
    Func<CancellationToken, Task<SiloEnd>> live, TimeProvider time, TextWriter errors)
{
    /// <summary>The exit code where restarts failed one after the other.</summary>
    public const int CannotRestart = 4;

    private readonly RestartBudget _budget = new(time);

    /// <summary>The exit code of the process.</summary>
    /// <param name="stop">The process was told to stop.</param>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var end = await StartAsync(stop);
        while (end.ExitCode is null && !stop.IsCancellationRequested)
        {
            if (_budget.Ended() is not { } pause)
            {
                await errors.WriteLineAsync(
                    $"{RestartBudget.MostFailures} restarts of this silo failed within a minute, the last one: "
                    + $"{end.Reason} The process ends; nothing that was acknowledged is lost.");
                return CannotRestart;
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCancellationRequested)
            {
                await errors.WriteLineAsync($"The silo starts anew: {end.Reason}");
                _budget.Begin();
                end = await RestartAsync(stop);
            }
        }

        if (end is { ExitCode: not 0, Reason: { } reason } && !stop.IsCancellationRequested)
        {
            await errors.WriteLineAsync(reason);
        }

        return end.ExitCode ?? 0;
    }

    /// <summary>What the database refuses at the first start, a person must look at.</summary>
    private async Task<SiloEnd> StartAsync(CancellationToken stop)
    {
        try
        {
            return await live(stop);
        }
        catch (MembershipException refused)
        {
            return SiloEnd.Refused(refused.Message);
        }
    }

    /// <summary>What ends the process at its first start is only a failure here: the start before went well.</summary>
    private async Task<SiloEnd> RestartAsync(CancellationToken stop)
    {
        try
        {
            return await live(stop);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return SiloEnd.Dead($"{fault.GetType().Name}: {fault.Message}");
        }
    }
}
