using System.Collections.Concurrent;
using Pipeline.Definitions.Experiments;

namespace Pipeline.Cli.Chaos;

/// <summary>
/// Carries an experiment out: starts the system, puts the load on it, does the faults, and compares at the end.
/// </summary>
internal sealed class ChaosRun(
    Experiment experiment, ChaosPrograms programs, string folder, int seed, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentBag<ChaosFault> _faults = [];
    private string? _stopped;

    /// <exception cref="ChaosException">It cannot be carried out.</exception>
    public async Task<ChaosReport> RunAsync(Action<string> say, CancellationToken cancellationToken)
    {
        say("starting the system");
        await using var system = await ChaosSystem.StartAsync(
            experiment.System, programs, folder, new Random(seed), cancellationToken);
        using var oracle = new ChaosOracle(system.Addresses, system.Data, time);
        await oracle.ApplyAsync(cancellationToken);
        using var load = new ChaosLoad(experiment.Load, ChaosOracle.Stream, system.Addresses, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        say($"load for {experiment.Load.Time.TotalSeconds:0.#} s, faults: {experiment.Faults.Count}");
        var loading = load.RunAsync(stop.Token);
        var watching = WatchAsync(load, loading, stop);
        try
        {
            await Task.WhenAll(experiment.Faults.Select((fault, number) =>
                HarmAsync(system, load, fault, new Random(unchecked(seed + number)), say, stop)).Append(loading));
        }
        catch (OperationCanceledException) when (_stopped is not null)
        {
            say(_stopped);
        }

        await stop.CancelAsync();
        await watching;
        cancellationToken.ThrowIfCancellationRequested();
        say("comparing what is there with what was acknowledged");
        var took = load.Elapsed;
        var checks = await oracle.CheckAsync(load.Keys, experiment.StopWhenSilent, cancellationToken);
        return new ChaosReport(experiment, load, took, [.. _faults.OrderBy(static fault => fault.Begun)], checks)
        {
            Stopped = _stopped,
            Ends = [.. system.Processes.SelectMany(static process => process.Ends)],
        };
    }

    private async Task HarmAsync(
        ChaosSystem system,
        ChaosLoad load,
        ExperimentFault fault,
        Random draw,
        Action<string> say,
        CancellationTokenSource stop)
    {
        var ahead = fault.At - load.Elapsed;
        if (ahead > TimeSpan.Zero)
        {
            await Task.Delay(ahead, time, stop.Token);
        }

        var begun = load.Elapsed;
        say($"{begun.TotalSeconds,6:0.0} s  {ChaosFault.NameOf(fault.Kind)} {fault.Target}");
        try
        {
            await system.HarmAsync(fault, draw, stop.Token);
        }
        catch (ChaosException)
        {
            await stop.CancelAsync();
            throw;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await stop.CancelAsync();
            throw new ChaosException(
                $"{ChaosFault.NameOf(fault.Kind)} {fault.Target} cannot be done: {error.Message}");
        }
        finally
        {
            _faults.Add(new ChaosFault(fault, begun, load.Elapsed));
        }
    }

    /// <summary>Ends all of it where nothing is acknowledged for too long.</summary>
    private async Task WatchAsync(ChaosLoad load, Task loading, CancellationTokenSource stop)
    {
        while (!loading.IsCompleted && !stop.IsCancellationRequested)
        {
            if (load.Silence > experiment.StopWhenSilent)
            {
                _stopped = $"stopped: nothing was acknowledged for {experiment.StopWhenSilent.TotalSeconds:0.#} s";
                await stop.CancelAsync();
            }

            await Task.Delay(Look, time, CancellationToken.None);
        }

        if (loading.IsFaulted)
        {
            await stop.CancelAsync();
        }
    }
}

/// <summary>A fault that was done, in time since the load began.</summary>
/// <param name="Fault">Which.</param>
/// <param name="Begun">When it began.</param>
/// <param name="Ended">When its target had all that it had.</param>
internal sealed record ChaosFault(ExperimentFault Fault, TimeSpan Begun, TimeSpan Ended)
{
    /// <summary>Its name in an experiment's text.</summary>
    public static string NameOf(FaultKind kind) => kind switch
    {
        FaultKind.RestartAll => "restart-all",
        FaultKind.LoseStore => "lose-store",
        FaultKind.ReplaceStore => "replace-store",
        FaultKind.CorruptStore => "corrupt-store",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
