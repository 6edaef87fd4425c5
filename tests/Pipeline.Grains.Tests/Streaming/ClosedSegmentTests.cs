using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Tests.Silos;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Reading;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Engine;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Tests.Streaming;

public sealed class ClosedSegmentTests
{
    private const int Keys = 8;
    private const string Streams = "name: p\nstreams: { s: { partitions: 2, key: k } }\n";
    private const string Stages =
        Streams + "stages: { copy: { query: \"SELECT k, n FROM s\", key: k, materialize: true } }\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly EngineOptions SmallSegments = new()
    {
        Partitions = new PartitionOptions
        {
            Log = new LogOptions { RollBytes = 40_000, MaxClosedSegments = 6 },
            CacheBytes = 20_000,
            ReadBytes = 10_000,
        },
    };

    [Fact]
    public async Task A_stage_far_behind_reads_closed_segments_from_the_stores_while_the_partition_moves_and_goes_on()
    {
        const int Behind = 12_000;
        const int Later = 4_000;
        var reads = new PartitionReads();
        await using var world = await GrainWorld.StartAsync(
            2, services => services.AddSingleton<IIncomingGrainCallFilter>(reads), SmallSegments);
        await world.ApplyAsync(Streams);
        await AppendAsync(world, 0, Behind);
        await world.ApplyAsync(Stages);
        var silos = world.Silos.Select(static silo =>
            silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress).ToList();
        for (var first = Behind; first < Behind + Later; first += 1_000)
        {
            await AppendAsync(world, first, 1_000);
            await world.Partition("s", 0).MoveAsync(silos[first / 1_000 % 2]);
        }

        var written = await Eventually.GetAsync(
            () => NumbersAsync(world), static all => all.Count >= Behind + Later, Patience, "all outputs");
        Assert.Equal(Behind + Later, written.Count);
        for (var key = 0; key < Keys; key++)
        {
            var own = written.Where(number => number % Keys == key).ToList();
            Assert.Equal(own.Order().Distinct(), own);
        }

        // The owners told the stages to read them, and gave no block of a segment before the last ones themselves.
        Assert.True(reads.Closed > 0, "an owner was asked for a closed segment");
        Assert.True(reads.Events < (Behind + Later) / 2, $"the owners gave {reads.Events} events");
    }

    [Fact]
    public async Task Where_no_store_gives_a_closed_segment_the_owner_is_asked_for_it()
    {
        await using var world = await GrainWorld.StartAsync(options: SmallSegments);
        await world.ApplyAsync(Streams);
        await AppendAsync(world, 0, 4_000);
        var partition = world.Partition("s", 0);
        var time = new StoppedTime();
        var node = world.Silos[0].Services.GetRequiredService<ClusterNode>();
        var owner = new AskedOwner(partition);
        var source = new LogSource(owner, node.OpenClosed(partition.Key.Log, time), time);
        var first = await source.ReadAsync(new ReadRequest(), default);
        Assert.Equal((ReadStatus.Ok, 1, 0), (first.Status, owner.Asked(true), owner.Asked(false)));
        var second = await source.ReadAsync(new ReadRequest { After = first.Next }, default);
        Assert.Equal((ReadStatus.Ok, 1, 0), (second.Status, owner.Asked(true), owner.Asked(false)));

        // All copies are damaged.
        var damage = world.Empty($"logs/{partition.Key.Log}", "*-3*");
        var third = new ReadRequest { After = new LogPosition(3, -1) };
        Assert.Equal(ReadStatus.Unavailable, (await source.ReadAsync(third, default)).Status);
        Assert.Equal((1, 1), (owner.Asked(true), owner.Asked(false)));

        // For a while it is not tried again, then it is.
        damage.Dispose();
        await source.ReadAsync(third, default);
        Assert.Equal((1, 2), (owner.Asked(true), owner.Asked(false)));
        time.Now += TimeSpan.FromSeconds(6);
        Assert.Equal(ReadStatus.Ok, (await source.ReadAsync(third, default)).Status);
        Assert.Equal((1, 2), (owner.Asked(true), owner.Asked(false)));
    }

    private static async Task AppendAsync(GrainWorld world, int first, int count)
    {
        for (var i = 0; i < count; i += 50)
        {
            await world.AppendAsync("s", first + i, 50, Keys, size: 60);
        }
    }

    private static async Task<List<int>> NumbersAsync(GrainWorld world) =>
        [.. (await world.ReadAsync("p.copy", 0)).Concat(await world.ReadAsync("p.copy", 1))
            .Select(static json => EventValues.Number(Encoding.UTF8.GetBytes(json)))];

    /// <summary>Counts what partitions answered to readers that have the stores.</summary>
    private sealed class PartitionReads : IIncomingGrainCallFilter
    {
        private int _closed;
        private int _events;

        public int Closed => _closed;

        public int Events => _events;

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            await context.Invoke();
            if (context is { Grain: PartitionGrain, Result: ReadAnswer answer }
                && context.Request.GetArgument(0) is ReadMessage { LeavesClosed: true })
            {
                Interlocked.Add(ref _closed, answer.Status == ReadStatus.Closed ? 1 : 0);
                Interlocked.Add(ref _events, answer.Blocks.Sum(static block => block.Count));
            }
        }
    }

    /// <summary>Counts what the owner is asked; it cannot read closed segments either.</summary>
    private sealed class AskedOwner(IPartition owner) : IBlockSource
    {
        private readonly ConcurrentBag<bool> _asked = [];

        public PartitionId Id => owner.Id;

        public PartitionStatus Status => owner.Status;

        public int Asked(bool leavesClosed) => _asked.Count(asked => asked == leavesClosed);

        public ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken)
        {
            _asked.Add(request.LeavesClosed);
            return request.LeavesClosed
                ? owner.ReadAsync(request, cancellationToken)
                : ValueTask.FromResult(new ReadOutcome(ReadStatus.Unavailable));
        }
    }

    private sealed class StoppedTime : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
