using Pipeline.Runtime.Pipelines;
using Pipeline.Simulation.Clients;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Loops;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// The operator of one pipeline: creates, changes, pauses, resumes and deletes it at any moment, through whatever
/// process serves, and by a file while none runs. What was not answered is asked again, or something else is.
/// </summary>
public sealed class Redefiner
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private const int SettleTries = 20;

    private readonly World _world;
    private readonly SimulatedLoop _loop;
    private readonly DrawnChanges _changes;
    private bool _isSettled = true;

    public Redefiner(World world, SimulatedLoop loop, string name)
    {
        (_world, _loop, Name) = (world, loop, name);
        _changes = new DrawnChanges(world.Changes, loop.Node.Draw, name, world.Options.Partitions);
    }

    public string Name { get; }

    /// <summary>What was acknowledged last; null: there is no such pipeline.</summary>
    public DrawnPipeline? Now { get; private set; }

    /// <summary>Whether it is paused; null: it was not answered.</summary>
    public bool? IsPaused { get; private set; } = false;

    /// <summary>It makes no change any more, and knows what is in force.</summary>
    public bool IsDone { get; private set; }

    /// <summary>For people: what it waits for.</summary>
    public string Waiting { get; private set; } = "";

    private Random Draw => _loop.Node.Draw;

    public void Start() => _loop.Post(_ => Run(), null);

    private async void Run()
    {
        for (var i = 0; i < _world.Options.ChangesPerPipeline && !_world.IsCalm; i++)
        {
            await Pause(_world.Options.ChangePause);
            if (Now is { } now)
            {
                await ChangeAsync(now);
            }
            else
            {
                await PutAsync(_changes.New(Others()), isUntilAnswered: true);
            }
        }

        await SettleAsync();
        if (Now is { } last)
        {
            // An output that is not kept cannot be read, not even what it holds from before.
            await PutAsync(last.Kept(), isUntilAnswered: true, isSimple: true);
        }

        IsDone = true;
    }

    private async Task ChangeAsync(DrawnPipeline now)
    {
        switch (Draw.Next(20))
        {
            case 0 or 1:
                await PauseAsync(true);
                break;
            case 2 or 3 when IsPaused != false:
                await PauseAsync(false);
                break;
            case 4 when Draw.Next(2) == 0:
                await SettleAsync();
                await DeleteAsync(Draw.Next(2) == 0);
                break;
            case 5 or 6:
                await SettleAsync();
                await PutFileAsync(_changes.Structural(Now ?? now, Others()));
                break;
            case 7 or 8:
                await Task.WhenAll(
                    PutAsync(_changes.Simple(now), isUntilAnswered: false, isSimple: true),
                    PutAsync(_changes.Simple(now), isUntilAnswered: false, isSimple: true));
                _isSettled = false;
                break;
            case 9:
                await Task.WhenAll(
                    PutAsync(_changes.Simple(now), isUntilAnswered: false, isSimple: true),
                    PauseAsync(Draw.Next(2) == 0));
                break;
            case < 14 when _isSettled:
                await PutAsync(_changes.Structural(now, Others()), Draw.Next(2) == 0);
                break;
            default:
                await PutAsync(_changes.Simple(now), Draw.Next(2) == 0, isSimple: true);
                break;
        }
    }

    /// <summary>Streams of pipelines before this one, as their operators know them: there are no cycles.</summary>
    private List<(string Stream, int Partitions)> Others() => [.. _world.Redefiners
        .Where(other => string.CompareOrdinal(other.Name, Name) < 0 && other.Now is not null)
        .SelectMany(static other => other.Now!.Stages.Where(static stage => !stage.IsWindow)
            .Select(stage => (other.Now.StreamOf(stage), stage.Partitions)))];

    /// <summary>After this <see cref="Now"/> is in force, whatever was not answered before.</summary>
    private async Task SettleAsync()
    {
        for (var tries = 0; Now is not null && !_isSettled && tries < SettleTries; tries++)
        {
            await PutAsync(_changes.Simple(Now), isUntilAnswered: true);
        }
    }

    private async Task PutAsync(DrawnPipeline drawn, bool isUntilAnswered, bool isSimple = false)
    {
        var change = _world.Changes.Begin(Name, drawn, _loop.Queue.Now, isSimple && _isSettled);
        if (_world.Options.Bug == PlantedBug.ChangeIsForgotten && Draw.Next(4) == 0)
        {
            change.Note(Knowledge.Acknowledged, _loop.Queue.Now, "forgotten");
        }

        while (change.Knowledge == Knowledge.Unknown)
        {
            Waiting = $"PUT {change}";
            var (outcome, isNewest) = await CallAsync(change, async process =>
                await process.Engine.Pipelines.ApplyAsync(
                    new ApplyRequest { Name = Name, Text = drawn.Text(), ResetAll = true },
                    CancellationToken.None));
            var knowledge = KnowledgeOf(outcome, isNewest, isOnly: !isUntilAnswered);
            change.Note(knowledge, _loop.Queue.Now, outcome is null ? "no answer"
                : $"{outcome.Status} {outcome.Detail} {string.Join("; ", outcome.Errors.Select(e => e.Message))}");
            if (!isUntilAnswered)
            {
                break;
            }

            await Pause(TimeSpan.FromMilliseconds(400));
        }

        if (change.IsMade)
        {
            (Now, _isSettled) = (drawn, isUntilAnswered || _isSettled);
        }
        else if (change.Knowledge == Knowledge.Unknown)
        {
            _isSettled = false;
        }
    }

    /// <param name="outcome">The answer to one try; null: none.</param>
    /// <param name="isNewest">No process that started later is there.</param>
    /// <param name="isOnly">There was no try before: what it says was not done, is not.</param>
    private static Knowledge KnowledgeOf(ApplyOutcome? outcome, bool isNewest, bool isOnly) => outcome?.Status switch
    {
        null or ApplyStatus.OutcomeUnknown => Knowledge.Unknown,
        ApplyStatus.Unavailable => isOnly ? Knowledge.Refused : Knowledge.Unknown,
        ApplyStatus.Applied => Knowledge.Acknowledged,

        // A process that is being taken over may not know of later changes yet.
        ApplyStatus.Unchanged => isNewest ? Knowledge.Acknowledged : Knowledge.Unknown,
        _ => isNewest ? Knowledge.Refused : Knowledge.Unknown,
    };

    private async Task PauseAsync(bool pause)
    {
        Waiting = pause ? "pause" : "resume";
        IsPaused = null;
        var (outcome, _) = await CallAsync(null, async process => (object)await (pause
            ? process.Engine.Pipelines.PauseAsync(Name, null, CancellationToken.None)
            : process.Engine.Pipelines.ResumeAsync(Name, null, CancellationToken.None)));
        IsPaused = outcome is PipelineOutcome { Status: PipelineOutcomeStatus.Done } ? pause : null;
        _world.History.Note($"{_loop.Queue.Now / 1e7:F3} {Name} {Waiting}: {outcome}");
    }

    /// <summary>Asks until it is answered. Its file goes first, so that no restart brings it back.</summary>
    private async Task DeleteAsync(bool withStreams)
    {
        if (Now is null)
        {
            return;
        }

        _world.Folder.Remove(Name);
        var change = _world.Changes.Begin(Name, null, _loop.Queue.Now, deletesStreams: withStreams);
        var tries = 0;
        for (var missing = 0; change.Knowledge == Knowledge.Unknown; tries++)
        {
            Waiting = $"{change}";
            var (answer, isNewest) = await CallAsync(change, async process =>
                (object)await process.Engine.Pipelines.DeleteAsync(Name, withStreams, null, CancellationToken.None));
            var outcome = answer as PipelineOutcome?;
            missing += isNewest && outcome?.Status == PipelineOutcomeStatus.NotFound ? 1 : 0;
            change.Note(
                outcome switch
                {
                    { Status: PipelineOutcomeStatus.Done } => Knowledge.Acknowledged,
                    { Status: PipelineOutcomeStatus.Unavailable } when tries == 0 => Knowledge.Refused,
                    {
                        Status: not (PipelineOutcomeStatus.Unavailable or PipelineOutcomeStatus.OutcomeUnknown
                            or PipelineOutcomeStatus.NotFound)
                    } when isNewest => Knowledge.Refused,
                    _ => missing > 2 ? Knowledge.Acknowledged : Knowledge.Unknown,
                },
                _loop.Queue.Now,
                $"{outcome}");
            if (change.Knowledge == Knowledge.Unknown)
            {
                await Pause(TimeSpan.FromMilliseconds(800));
            }
        }

        if (change.IsMade)
        {
            _world.Changes.EndLife(Name);
            (Now, IsPaused) = (null, false);
        }
    }

    /// <summary>Changes the file and starts the host again; waits until a process says what came of it.</summary>
    private async Task PutFileAsync(DrawnPipeline drawn)
    {
        Waiting = "its file";
        _world.Folder.Put(drawn);
        foreach (var process in _world.Alive.ToArray())
        {
            process.Exit();
        }

        await Pause(TimeSpan.FromMilliseconds(100));
        if (!_world.Alive.Any())
        {
            _world.StartProcess();
        }

        while (_world.Folder.KnowledgeOf(drawn) == Knowledge.Unknown)
        {
            await Pause(TimeSpan.FromMilliseconds(200));
        }

        if (_world.Folder.KnowledgeOf(drawn) == Knowledge.Acknowledged)
        {
            (Now, _isSettled) = (drawn, true);
        }
        else
        {
            _world.Folder.Remove(Name);
        }
    }

    /// <summary>
    /// One call to a process that serves, as soon as there is one; and whether none that started later is there.
    /// </summary>
    private async Task<(T? Answer, bool IsNewest)> CallAsync<T>(
        Change? change, Func<EngineProcess, Task<T>> call)
        where T : class
    {
        EngineProcess? process;
        while ((process = _world.AnyReady(Draw) as EngineProcess) is null)
        {
            await Pause(TimeSpan.FromMilliseconds(20));
        }

        var end = change is null ? null : ChangeLedger.Attempt(change, process);
        var answer = await Connection.CallAsync(_loop, process, Timeout, async () =>
        {
            var answered = await call(process);
            end?.Invoke();
            return answered;
        });
        return (answer, _world.Alive.LastOrDefault() == process);
    }

    private Task Pause(TimeSpan most) =>
        Task.Delay(TimeSpan.FromTicks(1 + Draw.NextInt64(most.Ticks + 1)), _loop.Time);
}
