using System.Globalization;
using System.Text;
using Pipeline.Backups;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Scrubbing;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;
using Pipeline.Simulation.Backups;
using Pipeline.Simulation.Clients;
using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Faults;
using Pipeline.Simulation.Files;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Redefinitions;
using Pipeline.Simulation.Stores;
using Pipeline.Simulation.Tracing;

namespace Pipeline.Simulation.Worlds;

/// <summary>One run: stores, processes, clients and what happens to them, all of it drawn from one seed.</summary>
public sealed class World
{
    public static readonly StreamName Stream = new("events");

    private readonly List<SimulatedProcess> _processes = [];
    private readonly SimulatedNode _outside;
    private int _nodes;
    private bool _wasApplied;

    public World(WorldOptions options, Trace trace)
    {
        Options = options;
        Queue = new EventQueue(options.Seed, trace);
        Draw = new Random(options.Seed ^ 0x5EED);
        Disks = [.. Enumerable.Range(1, options.Stores).Select(i => new SimulatedDisk($"s{i}", options.Bug))];
        Weathers = [.. Disks.Select(_ => new StoreWeather(Queue, Draw.Next()))];
        Backups = new BackupLedger(this);
        _outside = new SimulatedNode(-2, Queue, Draw.Next());
        for (var i = 0; i < options.Skipped; i++)
        {
            Draw.Next();
        }

        Folder = new DefinitionFolder(this, WorldDefinition.Text(options));
        FinalLogs = [.. Enumerable.Range(0, options.Partitions).Select(_ => new List<ReadEvent>())];
    }

    public WorldOptions Options { get; }

    public EventQueue Queue { get; }

    /// <summary>The world's own source of chance, for faults.</summary>
    public Random Draw { get; }

    public IReadOnlyList<SimulatedDisk> Disks { get; }

    public IReadOnlyList<StoreWeather> Weathers { get; }

    public History History { get; } = new();

    /// <summary>What each partition holds once all is over.</summary>
    public IReadOnlyList<List<ReadEvent>> FinalLogs { get; }

    public IReadOnlyList<SimulatedProcess> Processes => _processes;

    public IReadOnlyList<EventClient> Clients { get; private set; } = [];

    public IReadOnlyList<RegisterClient> RegisterClients { get; private set; } = [];

    /// <summary>The test register is on a majority of stores.</summary>
    public bool IsRegisterBorn { get; set; }

    /// <summary>What file sinks wrote.</summary>
    public SimulatedFiles Files { get; } = new();

    /// <summary>Every change of definitions that was asked for.</summary>
    public ChangeLedger Changes { get; } = new();

    /// <summary>The backups that were made.</summary>
    public BackupLedger Backups { get; }

    /// <summary>What each process applies when it starts.</summary>
    public DefinitionFolder Folder { get; }

    /// <summary>The operators of the pipelines that change.</summary>
    public IReadOnlyList<Redefiner> Redefiners { get; private set; } = [];

    /// <summary>Faults have stopped, and operators make no new changes.</summary>
    public bool IsCalm { get; set; }

    /// <summary>Clients and readers stop.</summary>
    public bool IsOver { get; set; }

    /// <summary>The node of everything that never crashes: clients, readers, checkers.</summary>
    public SimulatedNode Outside => _outside;

    public IEnumerable<SimulatedProcess> Alive => _processes.Where(static process => !process.IsGone);

    /// <summary>A process that runs, or null while there is none.</summary>
    public SimulatedProcess? AnyReady(Random draw)
    {
        var ready = Alive.Where(static process => process.IsReady).ToArray();
        return ready.Length == 0 ? null : ready[draw.Next(ready.Length)];
    }

    /// <summary>
    /// Whether one more store may lose or damage what it holds: all others hold every register, and where more may be
    /// born, the others take writes. A register that one store never got and another one lost is beyond what three
    /// stores promise (docs/simulation.md).
    /// </summary>
    public bool MaySuffer(int victim)
    {
        _wasApplied |= Alive.Any(static process => process.IsReady);
        var names = Disks.SelectMany(static disk => disk.Blobs.Keys)
            .Where(static name => name.StartsWith("registers/", StringComparison.Ordinal)).ToHashSet();
        return Disks.Where((_, i) => i != victim).All(disk => names.All(disk.Blobs.ContainsKey))
            && (_wasApplied || Weathers.Where((_, i) => i != victim).All(static weather => !weather.IsAway));
    }

    public SimulatedProcess StartProcess()
    {
        var node = new SimulatedNode(_nodes++, Queue, Draw.Next());
        var slots = Disks.Select((disk, i) => new SimulatedSlot(
            new SimulatedLink(node, disk, Weathers[i], History.Appends))).ToArray();
        SimulatedProcess process = Options.IsRegistersOnly
            ? new RegisterProcess(node, slots)
            : new EngineProcess(node, slots, Files, EngineOptionsOf(Options, Backups.Settings(node)), Folder);
        _processes.Add(process);
        process.Start();
        return process;
    }

    public void StartClients()
    {
        StartRegisterClients();
        if (!Options.IsRegistersOnly)
        {
            StartEventClients();
            StartRedefiners();
            Backups.Start();
        }
    }

    /// <summary>
    /// One more client, for one key a partition: an owner that does not know it is none must find out.
    /// </summary>
    public void StartProbe()
    {
        if (Options.IsRegistersOnly)
        {
            return;
        }

        var keys = Enumerable.Range(0, Options.Partitions).Select(partition => Enumerable.Range(0, 1000)
            .Select(static i => $"probe-{i}")
            .First(key => KeySlot.Of(Encoding.UTF8.GetBytes(key)).Partition(Options.Partitions) == partition));
        var loop = _outside.NewLoop("probe");
        var probe = new EventClient(
            this, loop, Options.Clients, HandleKind.Producer, 3 * Options.Partitions, [.. keys]);
        Clients = [.. Clients, probe];
        probe.Start();
    }

    private void StartRegisterClients()
    {
        RegisterClients = [.. Enumerable.Range(0, 3).Select(i =>
            new RegisterClient(this, _outside.NewLoop($"register client {i}"), i))];
        foreach (var client in RegisterClients)
        {
            client.Start();
        }
    }

    private void StartEventClients()
    {
        HandleKind[] kinds = [HandleKind.None, HandleKind.Key, HandleKind.Producer, HandleKind.Event];
        Clients = [.. Enumerable.Range(0, Options.Clients).Select(i =>
            new EventClient(
                this,
                _outside.NewLoop($"client {i}"),
                i,
                kinds[Draw.Next(kinds.Length)],
                Options.RequestsPerClient,
                [.. Enumerable.Range(0, 3).Select(k => $"c{i}-k{k}")]))];
        foreach (var client in Clients)
        {
            client.Start();
        }

        for (var partition = 0; partition < Options.Partitions; partition++)
        {
            var captured = partition;
            new LogReader(this, _outside.NewLoop($"reader {partition}"), Stream, partition)
                .Start(read => History.Saw(captured, read));
        }
    }

    private void StartRedefiners()
    {
        Redefiners = [.. Enumerable.Range(0, Options.Redefined).Select(i =>
            new Redefiner(this, _outside.NewLoop($"operator {i}"), $"p{i}"))];
        foreach (var redefiner in Redefiners)
        {
            redefiner.Start();
        }
    }

    /// <summary>Virtual time as the events' time stamps have it.</summary>
    public static string TimeText(long ticks) => SimulatedTime.Start.AddTicks(ticks)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>What <c>pipeline verify</c> says now: it reads every register and segment on every disk.</summary>
    public VerifyReport Verify()
    {
        var loop = _outside.NewLoop("verify");
        var slots = Disks.Select(static disk => new SimulatedSlot(new ImmediateLink(disk))).ToArray();
        VerifyReport? report = null;
        loop.Post(async _ => report = await StoreVerification.RunAsync(slots, new CatalogLogs(), loop.Time), null);
        Queue.RunUntil(() => report is not null, Queue.Now + TimeSpan.TicksPerMinute);
        return report ?? throw new InvalidOperationException("Verifying did not end.");
    }

    private static EngineOptions EngineOptionsOf(WorldOptions options, BackupSettings? backup) => new()
    {
        PartitionLoops = 2,
        Partitions = new PartitionOptions
        {
            Log = new LogOptions
            {
                RollBytes = options.StagesReadStores ? options.SegmentBytes / 32 : options.SegmentBytes,
                MaxClosedSegments = options.StagesReadStores ? 6 : new LogOptions().MaxClosedSegments,
            },
            CacheBytes = options.StagesReadStores ? 1 : new PartitionOptions().CacheBytes,
            StoreTimeout = TimeSpan.FromSeconds(2),
        },
        StagesReadStores = options.StagesReadStores,
        Pipelines = new PipelineSettings
        {
            DataDirectory = "data",
            Backup = backup,
            CheckpointInterval = TimeSpan.FromMilliseconds(500),
        },
        Scrub = new ScrubOptions
        {
            Interval = TimeSpan.FromSeconds(2),
            RequestTimeout = TimeSpan.FromSeconds(2),
        },
    };
}
