using Pipeline.Backups;
using Pipeline.Backups.Service;
using Pipeline.Simulation.Clients;
using Pipeline.Simulation.Faults;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Stores;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Backups;

/// <summary>An operator who has backups made all the time, and remembers what was acknowledged before each.</summary>
public sealed class BackupLedger(World world)
{
    private readonly Dictionary<string, IReadOnlyList<SentRequest>> _acknowledged = new(StringComparer.Ordinal);
    private readonly Random _draw = new(world.Options.Seed ^ 0xB0B);
    private readonly StoreWeather _weather = new(world.Queue, world.Options.Seed);

    /// <summary>Where they lie; it fails never.</summary>
    public SimulatedDisk Disk { get; } = new("backup", PlantedBug.None);

    private TimeSpan Pause => world.Options.BackupPause;

    /// <summary>What a process is told about backups; null: there are none in this world.</summary>
    public BackupSettings? Settings(SimulatedNode node) => Pause == TimeSpan.Zero
        ? null
        : new BackupSettings
        {
            Slot = new SimulatedSlot(new SimulatedLink(node, Disk, _weather, world.History.Appends)),
            Flaws = world.Options.Bug switch
            {
                PlantedBug.BackupReadsLogsFirst => BackupFlaws.LogsFirst | BackupFlaws.AnyCursor,
                PlantedBug.BackupReadsInputsFirst => BackupFlaws.InputsFirst,
                PlantedBug.BackupIgnoresChanges => BackupFlaws.AnyCatalog | BackupFlaws.AnyCursor,
                _ => BackupFlaws.None,
            },
        };

    public void Start()
    {
        if (Pause > TimeSpan.Zero)
        {
            var loop = world.Outside.NewLoop("backups");
            loop.Post(async _ => await RunAsync(loop), null);
        }
    }

    /// <summary>What was acknowledged before a backup began.</summary>
    public IReadOnlyList<SentRequest> Acknowledged(string id) => _acknowledged.GetValueOrDefault(id) ?? [];

    private async Task RunAsync(Loops.SimulatedLoop loop)
    {
        while (!world.IsOver)
        {
            await Task.Delay(TimeSpan.FromTicks(_draw.NextInt64(Pause.Ticks)), loop.Time);
            IReadOnlyList<SentRequest> before =
                [.. world.History.Requests.Where(static request => request.Knowledge == Knowledge.Acknowledged)];
            if (world.AnyReady(_draw) is EngineProcess process && await Connection.CallAsync(
                loop,
                process,
                TimeSpan.FromSeconds(20),
                async () => await process.Engine.Backups.StartAsync(CancellationToken.None))
                is { Status: BackupStatus.Started, Id: { } id })
            {
                _acknowledged[id] = before;
            }
        }
    }
}
