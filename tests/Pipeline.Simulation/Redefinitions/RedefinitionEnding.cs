using Pipeline.Processing.Instances;
using Pipeline.Runtime.Pipelines;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// The end of a run in which definitions changed: paused is paused, the others run to the end of their input; then
/// all are resumed, and what they wrote is compared with what they should have.
/// </summary>
public sealed class RedefinitionEnding(World world, List<string> violations)
{
    private const long Patience = TimeSpan.TicksPerMinute;
    private const long PausePatience = 20 * TimeSpan.TicksPerSecond;

    private EngineProcess Process => world.Alive.OfType<EngineProcess>().Last();

    /// <summary>Before the last windows are closed.</summary>
    public void AwaitResumed()
    {
        world.Changes.Settle();
        Until(() => States().Concat(world.Redefiners.SelectMany(Paused)), PausePatience);
        var isResumed = false;
        var loop = world.Outside.NewLoop("resume");
        loop.Post(async _ => isResumed = await ResumeAllAsync(loop.Time), null);
        Until(() => isResumed ? States() : ["a pipeline could not be resumed"]);
    }

    /// <summary>After all input is there.</summary>
    public void Check()
    {
        violations.AddRange(AnswerCheck.Check(world.Changes));
        Until(() => States().Concat(Unfinished()));
        var contents = new StreamContents(world, Process);
        Until(() => contents.IsRead ? [] : ["the outputs cannot be read"]);
        if (world.Options.Bug == PlantedBug.OutputIsTamperedWith)
        {
            world.History.Note(contents.TamperWith(world.Draw));
        }

        var wrong = new List<string>();
        for (var i = 0; i < 6 && (i == 0 || wrong.Count > 0); i++)
        {
            Run(10 * TimeSpan.TicksPerSecond);
            wrong = [.. new RedefinitionCheck(world, contents).Check().Take(8)];
        }

        violations.AddRange(wrong);
    }

    private async Task<bool> ResumeAllAsync(TimeProvider time)
    {
        foreach (var pipeline in Process.Engine.Pipelines.List())
        {
            while ((await Process.Engine.Pipelines.ResumeAsync(pipeline.Name, null, CancellationToken.None)).Status
                != PipelineOutcomeStatus.Done)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time);
            }
        }

        return true;
    }

    /// <summary>What is there and should not be, or the other way round.</summary>
    private IEnumerable<string> States()
    {
        var there = Process.Engine.Pipelines.List();
        foreach (var name in world.Changes.Pipelines)
        {
            var texts = world.Changes.InForce(name, long.MaxValue).ToList();
            var status = there.FirstOrDefault(pipeline => pipeline.Name == name);
            if (status is null ? !world.Changes.MayLack(name, long.MaxValue) : status.Errors.Count > 0)
            {
                yield return $"{name} {(status is null ? "is gone" : $"does not run: {status.Errors[0].Message}")}";
            }
            else if (status is not null && !texts.Exists(text => text.Definition!.Text() == status.Definition))
            {
                yield return $"{name} has a definition that should not be in force: {status.Definition}";
            }
        }
    }

    private IEnumerable<string> Paused(Redefiner of) =>
        Process.Engine.Pipelines.TryGet(of.Name, out var status) && of.IsPaused is { } isPaused
        && (status.IsPaused != isPaused
            || (isPaused && status.Instances.Any(static i => i.State != StageInstanceState.Paused)))
            ? [$"{of.Name} is to be {(isPaused ? "paused" : "running")}, but it is "
                + $"{(status.IsPaused ? "paused" : "not")} and "
                + string.Join(", ", status.Instances.Select(static i => i.State).Distinct())]
            : [];

    private IEnumerable<string> Unfinished() => Process.Engine.Pipelines.List().SelectMany(pipeline =>
        pipeline.Instances.Where(i => i.State != StageInstanceState.Running || i.LagEvents > 0)
            .Take(3).Select(i => $"{pipeline.Name} {i.Stage}/{i.Input}/{i.Partition} is {i.State} at {i.Cursor}, "
                + $"{i.LagEvents} behind: {i.Error}"));

    /// <summary>Until nothing is wrong any more, or patience ends.</summary>
    private void Until(Func<IEnumerable<string>> wrong, long patience = Patience)
    {
        var by = world.Queue.Now + patience;
        while (wrong().Any() && world.Queue.Now < by && world.Queue.Steps < Worlds.Run.MostSteps)
        {
            Run(TimeSpan.TicksPerSecond);
        }

        violations.AddRange(wrong().Take(8));
    }

    private void Run(long ticks) =>
        world.Queue.RunUntil(() => world.Queue.Steps > Worlds.Run.MostSteps, world.Queue.Now + ticks);
}
