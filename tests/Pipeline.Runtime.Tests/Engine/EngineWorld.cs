using System.Collections.Concurrent;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Scrubbing;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Logs;
using Pipeline.TestKit.Stores;
using Xunit;

namespace Pipeline.Runtime.Tests.Engine;

/// <summary>An engine on three directories, and what its supervisor was told.</summary>
internal sealed class EngineWorld : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-engine-").FullName;
    private readonly ConcurrentDictionary<string, ThreadLoop> _loops = new();
    private readonly List<DirectorySlot> _slots = [];
    private readonly Supervisor _supervisor;

    public EngineWorld(Func<string, bool>? throws = null, Action? onScrub = null)
    {
        _supervisor = new Supervisor(fault => Told.Enqueue((fault, Engine?.Health)));
        _slots.AddRange(Enumerable.Range(1, 3).Select(i => new DirectorySlot(
            $"{i}", Path.Combine(_folder, $"{i}"), new DirectoryStoreOptions { Ballast = 1 << 16 })));
        Engine = new PipelineEngine(
            new EngineHost
            {
                Slots = [.. _slots.Select(slot => new FaultySlot(slot, throws ?? (static _ => false)))],
                NewLoop = name => _loops[name] = new ThreadLoop(name, _supervisor),
                Draw = new Random(1),
                Name = "test",
                OnScrub = _ => onScrub?.Invoke(),
            },
            new EngineOptions
            {
                Pipelines = new PipelineSettings { DataDirectory = _folder },
                Partitions = new PartitionOptions { Log = new LogOptions { RollBytes = 2_000 } },
                Stores = new Replication.Stores.StoreSetOptions { ProbeInterval = TimeSpan.FromMilliseconds(20) },
                Scrub = new ScrubOptions { Interval = TimeSpan.FromMilliseconds(50) },
            });
    }

    public PipelineEngine Engine { get; }

    /// <summary>Faults, and how health was then.</summary>
    public ConcurrentQueue<(Fault Fault, EngineHealth? Health)> Told { get; } = [];

    public ILoop Loop(string name) => _loops[name];

    public async Task StartAsync() => Assert.Equal(
        EngineState.Running, await Engine.StartAsync(CancellationToken.None).AsTask().WaitAsync(Limit));

    /// <summary>The one partition of a new stream.</summary>
    public async Task<IPartition> ApplyAsync()
    {
        var applied = await Engine.Pipelines.ApplyAsync(
            new ApplyRequest { Text = "name: p\nstreams: { events: { partitions: 1 } }\n" }, default);
        Assert.Equal((ApplyStatus.Applied, ""), (applied.Status, string.Join('\n', applied.Errors)));
        Assert.True(Engine.Streams.TryGet(new StreamName("events"), out var stream));
        await Eventually.TrueAsync(() => stream.Partitions[0].Status.IsServing, () => $"{Engine.Health}");
        return stream.Partitions[0];
    }

    public static async Task AppendAsync(IPartition partition, string value)
    {
        var outcome = await partition.AppendAsync(LogHost.Part(default, value), default).AsTask().WaitAsync(Limit);
        Assert.Equal(AppendStatus.Appended, outcome.Status);
    }

    /// <summary>The first log's closed segments, as its register names them.</summary>
    public async Task<int> ClosedSegmentsAsync()
    {
        var catalog = await Engine.Registers.Open(LogNames.Register(new LogId(1, 0))).ReadAsync(default);
        return LogManifestCodec.Decode(catalog.Value.Span).Closed.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync(CancellationToken.None);
        foreach (var loop in _loops.Values)
        {
            loop.Dispose();
        }

        _slots.ForEach(slot => slot.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A place that throws, by what it is asked.</summary>
    private sealed class FaultySlot(IStoreSlot slot, Func<string, bool> throws) : IStoreSlot
    {
        public string Name => throws("name") ? throw new InvalidOperationException("planned") : slot.Name;

        public ValueTask<StoreProbe> ProbeAsync(CancellationToken cancellationToken) =>
            slot.ProbeAsync(cancellationToken);

        public ValueTask<BlobOutcome> IdentifyAsync(StoreId id, CancellationToken cancellationToken) =>
            slot.IdentifyAsync(id, cancellationToken);

        public ValueTask<BlobOutcome> ReplaceIdentityAsync(
            StoreId former, StoreId id, CancellationToken cancellationToken) =>
            slot.ReplaceIdentityAsync(former, id, cancellationToken);

        public ValueTask<BlobOutcome> MarkFormattedAsync(StoreId id, CancellationToken cancellationToken) =>
            slot.MarkFormattedAsync(id, cancellationToken);

        public IBlobStore Open(StoreId id) =>
            throws("open") ? throw new InvalidOperationException("planned") : slot.Open(id);
    }
}
