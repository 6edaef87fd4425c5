using System.Globalization;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>
/// Lets faults strike at drawn times, of drawn kinds. What passes by itself may hit any store; what lasts (lost or
/// damaged contents) hits one store only, since that is what three stores promise to survive.
/// </summary>
public sealed class Storm
{
    private readonly World _world;
    private readonly List<IFault> _kinds;
    private readonly List<string> _faults = [];
    private readonly long _pauseMax;
    private bool _isOver;

    public Storm(World world)
    {
        _world = world;
        _kinds = [.. Kinds(world.Options.Victim)
            .Where(kind => world.Options.Faults.HasFlag(kind.Kind)).Select(static kind => kind.Fault)];
        _pauseMax = world.Options.FaultPause.Ticks;
    }

    /// <summary>What struck, in words.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public void Start()
    {
        if (_kinds.Count > 0)
        {
            Next();
        }
    }

    /// <summary>All that passes has passed, and one process runs.</summary>
    public void End()
    {
        _isOver = true;
        foreach (var weather in _world.Weathers)
        {
            weather.Heal();
        }

        foreach (var process in _world.Alive)
        {
            if (process.Node.IsPaused)
            {
                process.Node.Resume();
            }
        }

        Watch();
    }

    /// <summary>As an operator would: where no process is left, one is started.</summary>
    private void Watch()
    {
        if (_world.IsOver)
        {
            return;
        }

        if (!_world.Alive.Any())
        {
            _world.StartProcess();
        }

        _world.Queue.After(TimeSpan.FromSeconds(1), Watch);
    }

    private static (FaultKinds Kind, IFault Fault)[] Kinds(int victim) =>
    [
        (FaultKinds.Crash, new Crash()), (FaultKinds.CrashMore, new Crash()),
        (FaultKinds.SecondProcess, new SecondProcess()), (FaultKinds.ProcessPause, new ProcessPause()),
        (FaultKinds.ClockJump, new ClockJump()), (FaultKinds.SlowStore, new SlowStore()),
        (FaultKinds.FrozenStore, new FrozenStore()), (FaultKinds.DownStore, new DownStore()),
        (FaultKinds.FullStore, new FullStore()), (FaultKinds.LostAnswers, new LostAnswers()),
        (FaultKinds.LostRequests, new LostRequests()), (FaultKinds.LostStore, new LostStore(victim)),
        (FaultKinds.DamagedBlob, new DamagedBlob(victim)), (FaultKinds.FailedSync, new FailedSync(victim)),
    ];

    private void Next() => _world.Queue.After(_world.Draw.NextInt64(_pauseMax), () =>
    {
        if (_isOver)
        {
            return;
        }

        var what = _kinds[_world.Draw.Next(_kinds.Count)].Strike(_world);
        var at = TimeSpan.FromTicks(_world.Queue.Now).TotalSeconds;
        _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{at:F3} s {what}"));
        _world.Queue.Trace.Add(_world.Queue.Now, -1, "fault", what);
        Next();
    });
}
