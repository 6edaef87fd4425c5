using System.Security.Cryptography;
using Pipeline.Grains.Keeping;
using Pipeline.Http.Telemetry;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Engine;
using Pipeline.Silo.Options;
using Pipeline.Storage.AzureBlob.Containers;
using Pipeline.Storage.Directories;
using Pipeline.Storage.Metering;

namespace Pipeline.Silo.Hosting;

/// <summary>
/// The threads and stores of one silo. Once it is disposed of, nothing that was made from it runs any more or reaches a
/// store, whatever it was in the middle of.
/// </summary>
internal sealed class SiloEngine(SiloOptions options) : IDisposable
{
    private const int BlobSegmentFrames = 2000;

    private readonly Lock _gate = new();
    private readonly List<ThreadLoop> _loops = [];
    private readonly EngineTelemetry _telemetry = new();
    private readonly IReadOnlyList<OwnedSlot> _slots = [.. options.Slots.Select(static slot => new OwnedSlot(slot))];

    /// <summary>For whatever of this silo fails unexpectedly.</summary>
    public Supervisor Supervisor => _telemetry.Supervisor;

    /// <summary>For all that this silo measures.</summary>
    public MeterScope Scope => _telemetry.Scope;

    public ClusterNode CreateNode(IServiceProvider services)
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        _telemetry.LogTo(loggers);
        _telemetry.Watch(options.Slots);
        var host = new EngineHost
        {
            Slots = _slots,
            NewLoop = NewLoop,
            Draw = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            Name = $"{Environment.MachineName}:{Environment.ProcessId}",
        };
        return new ClusterNode(_telemetry.Observe(host), Engine(), services.GetRequiredService<GrainCluster>());
    }

    public void Dispose()
    {
        ThreadLoop[] loops;
        lock (_gate)
        {
            loops = [.. _loops];
            _loops.Clear();
        }

        foreach (var loop in loops)
        {
            loop.Dispose();
        }

        foreach (var slot in _slots)
        {
            slot.Dispose();
        }

        _telemetry.Dispose();
    }

    private EngineOptions Engine()
    {
        // Blob storage is replayed at a few milliseconds a block, so segments there end sooner.
        var isBlobStorage = options.Slots.Any(static slot => slot is AzureBlobSlot);
        return new EngineOptions
        {
            Partitions = new PartitionOptions
            {
                Log = isBlobStorage ? new LogOptions { RollFrames = BlobSegmentFrames } : new LogOptions(),
            },
            Pipelines = options.Settings with
            {
                StoreDirectories = [.. options.Slots.OfType<DirectorySlot>().Select(static slot => slot.Root)],
                StateBytes = options.StateBytes,
            },
        };
    }

    private ThreadLoop NewLoop(string name)
    {
        var loop = new ThreadLoop(name, Supervisor);
        lock (_gate)
        {
            _loops.Add(loop);
        }

        return loop;
    }
}
