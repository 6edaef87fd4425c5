using Pipeline.Simulation.Backups;
using Pipeline.Simulation.Checkers;
using Pipeline.Simulation.Clients;
using Pipeline.Simulation.Faults;
using Pipeline.Simulation.Redefinitions;
using Pipeline.Simulation.Tracing;

namespace Pipeline.Simulation.Worlds;

/// <summary>Runs a world from its first event to its verdict.</summary>
public static class Run
{
    public const long MostSteps = 1_000_000;

    private static readonly IChecker[] Checkers =
    [
        new ProcessesStayWell(),
        new OffsetsAreDense(),
        new AcknowledgedEventsAreThere(),
        new NothingTwice(),
        new KeysKeepTheirOrder(),
        new RegistersAreLinearizable(),
        new EpochsHaveOneOwner(),
    ];

    public static Verdict Seed(int seed) => Play(WorldOptions.Draw(seed));

    public static Verdict Play(WorldOptions options, TextWriter? lines = null)
    {
        var before = ThreadPool.CompletedWorkItemCount;
        var world = new World(options, new Trace(lines));
        var storm = new Storm(world);
        List<string> violations = [];
        try
        {
            world.StartProcess();
            world.StartClients();
            storm.Start();
            world.Queue.RunUntil(() => Exploded(world), options.Stormy.Ticks);
            storm.End();
            world.IsCalm = true;
            world.StartProbe();
            var by = world.Queue.Now + options.Healing.Ticks;
            if (!world.Queue.RunUntil(() => IsWell(world) || Exploded(world), by) || Exploded(world))
            {
                violations.Add($"not well {options.Healing} after the faults stopped: {Pending(world)}");
            }

            if (!options.IsRegistersOnly)
            {
                AwaitIdentity(world, by, violations);
                ReadAll(world, violations);
                End(world, violations);
            }

            world.IsOver = true;
        }
        catch (Exception exception)
        {
            violations.Add(exception.ToString());
        }

        violations.AddRange(world.History.Violations);
        violations.AddRange(Checkers.SelectMany(checker => checker.Check(world).Take(3)));
        violations.AddRange(violations.Count == 0 ? RestoredWorld.Check(world) : []);
        return new Verdict(options.Seed, world, storm.Faults, ThreadPool.CompletedWorkItemCount - before, violations);
    }

    private static void End(World world, List<string> violations)
    {
        if (world.Redefiners.Count == 0)
        {
            Ending.Await(world, violations);
            return;
        }

        var ending = new RedefinitionEnding(world, violations);
        ending.AwaitResumed();
        Ending.Await(world, violations);
        ending.Check();
    }

    private static bool Exploded(World world) => world.Queue.Steps > MostSteps;

    /// <summary>
    /// All is answered, one process is left (a fenced one has noticed; over registers alone nobody is fenced), and it
    /// misses nothing.
    /// </summary>
    private static bool IsWell(World world) =>
        world.Clients.All(static client => client.IsDone)
        && world.Redefiners.All(static redefiner => redefiner.IsDone)
        && world.RegisterClients.All(static client => client.IsDone)
        && (world.Options.IsRegistersOnly || world.Alive.Count() == 1)
        && world.Alive.All(static process => process.IsHealed);

    private static string Pending(World world) => string.Join(", ", world.Clients
        .Where(static client => !client.IsDone).Select(static client => client.Waiting)
        .Concat(world.Redefiners.Where(static redefiner => !redefiner.IsDone).Select(static r => r.Waiting))
        .Concat(world.Alive.Select(static process => process.Health)));

    /// <summary>Damage is found and repaired until all stores hold the same.</summary>
    private static void AwaitIdentity(World world, long by, List<string> violations)
    {
        var report = world.Verify();
        while (!report.IsIdentical && world.Queue.Now < by && !Exploded(world))
        {
            world.Queue.RunUntil(() => Exploded(world), world.Queue.Now + (2 * TimeSpan.TicksPerSecond));
            report = world.Verify();
        }

        violations.AddRange(report.Findings.Where(static finding => finding.IsDamage).Select(static f => $"{f}"));
    }

    /// <summary>Reads every partition from its first to its last event, for the checkers.</summary>
    private static void ReadAll(World world, List<string> violations)
    {
        var readers = new List<LogReader>();
        for (var partition = 0; partition < world.Options.Partitions; partition++)
        {
            var reader = new LogReader(world, world.Outside.NewLoop("final"), World.Stream, partition);
            readers.Add(reader);
            reader.Start(world.FinalLogs[partition].Add);
        }

        var by = world.Queue.Now + TimeSpan.TicksPerMinute;
        if (!world.Queue.RunUntil(
            () => readers.TrueForAll(static r => r.CaughtUpAt is not null) || Exploded(world), by))
        {
            violations.Add("the logs could not be read after all had healed");
        }
    }
}
