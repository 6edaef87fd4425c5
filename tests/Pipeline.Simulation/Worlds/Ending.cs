using Pipeline.Ingestion;
using Pipeline.Processing.Instances;
using Pipeline.Simulation.Clients;
using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Loops;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Outputs;

namespace Pipeline.Simulation.Worlds;

/// <summary>
/// The end of a run: the last windows are closed, and the stages have to come to the end of their input.
/// </summary>
public static class Ending
{
    private static readonly long Patience = 3 * TimeSpan.TicksPerMinute;

    public static void Await(World world, List<string> violations) => Await(world, violations, OutputCheck.Check);

    /// <summary>The same with another comparison.</summary>
    public static void Await(
        World world, List<string> violations, Func<World, OutputReaders, IEnumerable<string>> check)
    {
        var loop = world.Outside.NewLoop("watermark");
        var isSaid = false;
        loop.Post(async _ => isSaid = await SayAsync(world, loop), null);
        var outputs = new OutputReaders(world);
        var by = world.Queue.Now + Patience;
        string[] wrong = ["the watermark could not be said"];
        while (wrong.Length > 0 && world.Queue.Now < by && world.Queue.Steps < Run.MostSteps)
        {
            world.Queue.RunUntil(() => world.Queue.Steps > Run.MostSteps, world.Queue.Now + TimeSpan.TicksPerSecond);
            wrong = isSaid ? [.. check(world, outputs).Take(5)] : wrong;
        }

        violations.AddRange(wrong);
        violations.AddRange(world.Alive.OfType<EngineProcess>()
            .SelectMany(static process => process.Engine.Pipelines.List())
            .SelectMany(static pipeline => pipeline.Instances)
            .Where(i => wrong.Length > 0 || i.State == StageInstanceState.Failed)
            .Select(static i => $"{i.Stage}/{i.Partition} is {i.State} at {i.Cursor}, {i.LagEvents} behind, "
                + $"watermark {new DateTime(i.Watermark ?? 0):HH:mm:ss}: {i.Error}"));
    }

    private static async Task<bool> SayAsync(World world, SimulatedLoop loop)
    {
        var end = SimulatedTime.Start.AddDays(1).UtcTicks;
        while (true)
        {
            var process = world.AnyReady(loop.Node.Draw) as EngineProcess;
            var outcome = process is null ? null : await Connection.CallAsync(
                loop,
                process,
                TimeSpan.FromSeconds(20),
                async () => process.Engine.Streams.TryGet(World.Stream, out var stream)
                    ? await WatermarkAppend.RunAsync(stream.Partitions, end)
                    : new IngestOutcome { Problem = IngestProblem.NotAppended });
            if (outcome is { Problem: null })
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), loop.Time);
        }
    }
}
