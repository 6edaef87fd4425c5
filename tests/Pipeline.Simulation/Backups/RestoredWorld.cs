using Pipeline.Backups.Places;
using Pipeline.Backups.Restoring;
using Pipeline.Runtime.Backups;
using Pipeline.Simulation.Clients;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Outputs;
using Pipeline.Simulation.Stores;
using Pipeline.Simulation.Tracing;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Backups;

/// <summary>
/// What becomes of a world's backups: each of some is restored onto new disks, and a process starts there. All that was
/// acknowledged before it was made is there, and the stages come to what a computation over the input log gives.
/// </summary>
public static class RestoredWorld
{
    private const int Most = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static IEnumerable<string> Check(World world)
    {
        if (world.Options.BackupPause == TimeSpan.Zero)
        {
            return [];
        }

        var violations = new List<string>();
        var loop = world.Outside.NewLoop("backups");
        var slot = new SimulatedSlot(new ImmediateLink(world.Backups.Disk));
        IReadOnlyList<Backup>? backups = null;
        loop.Post(async _ => backups = await ReadAsync(slot, loop.Time, new Random(world.Options.Seed)), null);
        world.Queue.RunUntil(() => backups is not null, world.Queue.Now + TimeSpan.TicksPerMinute);
        world.History.Note($"{backups?.Count} backups restored");
        foreach (var backup in backups ?? [])
        {
            violations.AddRange(Restore(world, backup).Select(wrong => $"backup {backup.Id}: {wrong}"));
        }

        return violations;
    }

    /// <summary>The newest, and some others.</summary>
    private static async Task<IReadOnlyList<Backup>> ReadAsync(SimulatedSlot slot, TimeProvider time, Random draw)
    {
        if ((await slot.ProbeAsync(CancellationToken.None)).Condition == Storage.Blobs.StoreCondition.Blank)
        {
            return [];
        }

        var place = await BackupPlace.OpenAsync(slot, time, null);
        var ids = await place.ListAsync();
        var chosen = ids.TakeLast(1).Concat(ids.SkipLast(1).OrderBy(_ => draw.Next()).Take(Most - 1));
        var backups = new List<Backup>();
        foreach (var id in chosen)
        {
            backups.Add((await place.ReadAsync(id))!);
        }

        return backups;
    }

    private static List<string> Restore(World world, Backup backup)
    {
        var again = new World(
            world.Options with { BackupPause = TimeSpan.Zero, Bug = PlantedBug.None }, new Trace(null));
        var violations = new List<string>();
        var loop = again.Outside.NewLoop("restore");
        string? outcome = null;
        loop.Post(async _ => outcome = await RestoreAsync(world, again, backup, loop.Time), null);
        again.Queue.RunUntil(() => outcome is not null, Patience.Ticks);
        if (outcome is not "")
        {
            return [outcome ?? "the restore does not end"];
        }

        again.StartProcess();
        again.IsCalm = true;
        if (!again.Queue.RunUntil(() => again.Alive.Any(static process => process.IsHealed), Until(again)))
        {
            return [$"not well: {string.Join(", ", again.Processes.Select(static process => process.Health))}"];
        }

        var readers = Enumerable.Range(0, again.Options.Partitions).Select(partition => new LogReader(
            again, again.Outside.NewLoop("final"), World.Stream, partition)).ToList();
        for (var i = 0; i < readers.Count; i++)
        {
            readers[i].Start(again.FinalLogs[i].Add);
        }

        again.Queue.RunUntil(() => readers.TrueForAll(static r => r.CaughtUpAt is not null), Until(again));
        Ending.Await(again, violations, OutputCheck.CheckStreams);
        again.IsOver = true;
        violations.AddRange(Missing(again, world.Backups.Acknowledged(backup.Id)).Take(3));
        return violations;
    }

    private static async Task<string> RestoreAsync(World world, World again, Backup backup, TimeProvider time)
    {
        try
        {
            var place = await BackupPlace.OpenAsync(
                new SimulatedSlot(new ImmediateLink(world.Backups.Disk)), time, null);
            var findings = await new BackupVerification(place).RunAsync(backup);
            SimulatedSlot[] slots = [.. again.Disks.Select(static disk => new SimulatedSlot(new ImmediateLink(disk)))];
            var draw = new Random(again.Options.Seed);
            await new BackupRestoration(place, slots, draw, time)
                .RunAsync(backup, RestoredCatalog.Name, RestoredCatalog.Of(backup, draw));
            return string.Join("; ", findings);
        }
        catch (Exception failed)
        {
            return $"{failed}";
        }
    }

    private static IEnumerable<string> Missing(World again, IReadOnlyList<SentRequest> acknowledged) =>
        from request in acknowledged
        from sent in request.Events.Zip(request.Places)
        let log = again.FinalLogs[sent.Second.Partition]
        where sent.Second.Offset >= log.Count || log[(int)sent.Second.Offset].Value != sent.First.Value
        select $"{sent.First.Value} was acknowledged before and is not at {sent.Second}";

    private static long Until(World again) => again.Queue.Now + Patience.Ticks;
}
