using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Records;
using Pipeline.Runtime.Consumers;
using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Retention deletes what is old and read, and nothing that is not read.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private const long RollBytes = 4_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>So many rounds of retention change nothing any more.</summary>
    private static readonly TimeSpan Rounds = TimeSpan.FromSeconds(1);

    private readonly ShiftedTime _time = new();
    private ThreeStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await ThreeStores.FormatAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task What_is_older_than_retention_goes_from_the_stores_and_the_rest_stays()
    {
        await using var world = await StartAsync();
        await world.ApplyAsync("name: t\nstreams: { raw: { partitions: 1, retention: 1h } }");
        await AppendAsync(world, 0, 200);
        var full = SegmentsOnDisk();
        await RestAsync(world, 0);
        _time.Advance(TimeSpan.FromMinutes(50));
        await AppendAsync(world, 200, 400);
        await RestAsync(world, 0);

        _time.Advance(TimeSpan.FromMinutes(20));
        await FirstIsAsync(world, first => first > 0);
        var first = First(world);

        Assert.InRange(first, 100, 200);
        await UntilAsync(() => SegmentsOnDisk() < 2 * full, "segments are deleted");
        Assert.Equal(400 - first, (await ReadFromAsync(world, first)).Count);
        var gone = await Partition(world).ReadAsync(new ReadRequest { From = new LogOffset(first - 1) }, default);
        Assert.Equal((ReadStatus.Trimmed, first), (gone.Status, gone.First.Value));
    }

    [Fact]
    public async Task A_stream_that_keeps_events_for_a_shorter_time_than_retention_rests_is_looked_at_in_that_time()
    {
        await using var world = await PipelineWorld.StartAsync(
            _stores, time: _time, change: static settings => settings with { TrimInterval = TimeSpan.FromHours(1) });
        await world.ApplyAsync("name: t\nstreams: { raw: { partitions: 1, retention: 1s } }");
        await AppendAsync(world, 0, 200);
        await FirstIsAsync(world, first => first == 200);
    }

    [Fact]
    public async Task A_paused_pipeline_holds_back_what_it_has_not_read_also_after_a_restart()
    {
        await using (var world = await StartAsync())
        {
            await world.ApplyAsync(Reader);
            await AppendAsync(world, 0, 50);
            await world.ReadAsync("t.all", 50);
            await world.Keeper.PauseAsync("t", null, default);
            await AppendAsync(world, 50, 300);
            _time.Advance(TimeSpan.FromDays(1));
            await RestAsync(world, first => first <= 50);
        }

        await using var again = await StartAsync();
        await again.OwnsAsync("raw");
        await RestAsync(again, first => first <= 50);
        await again.Keeper.ResumeAsync("t", null, default);
        Assert.Equal(300, (await again.ReadAsync("t.all", 300)).Distinct().Count());
        await FirstIsAsync(again, first => first > 200);
    }

    [Fact]
    public async Task A_sink_of_another_pipeline_that_cannot_write_holds_back_what_it_has_not_written()
    {
        await using var world = await StartAsync();
        await world.ApplyAsync(Reader);
        Directory.CreateDirectory(world.Data);
        await File.WriteAllTextAsync(Path.Combine(world.Data, "out"), "in the way");
        await world.ApplyAsync("name: u\nsinks: { files: { from: raw, files: { path: out, roll: { every: 50ms } } } }");
        await AppendAsync(world, 0, 200);
        await world.ReadAsync("t.all", 200);
        _time.Advance(TimeSpan.FromDays(1));
        await RestAsync(world, 0);

        File.Delete(Path.Combine(world.Data, "out"));
        await FirstIsAsync(world, first => first > 100);
        var lines = Directory.GetFiles(Path.Combine(world.Data, "out"), "*.ndjson").SelectMany(File.ReadAllLines);
        Assert.Equal(200, lines.Distinct().Count());
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task A_named_consumer_holds_back_what_it_has_not_done_also_after_a_restart()
    {
        await using (var world = await StartAsync())
        {
            await world.ApplyAsync("name: t\nstreams: { raw: { partitions: 1, retention: 1h } }");
            await AppendAsync(world, 0, 400);
            await PutAsync(world, "c");
            _time.Advance(TimeSpan.FromDays(1));
            await RestAsync(world, 0);
            await CommitAsync(world, 250);
            await FirstIsAsync(world, first => first > 60);
            await RestAsync(world, first => first <= 250);
        }

        await using var again = await StartAsync();
        await again.OwnsAsync("raw");
        await RestAsync(again, first => first <= 250);
        await CommitAsync(again, 400);
        await FirstIsAsync(again, first => first > 300);
    }

    [Fact]
    public async Task Hard_retention_passes_consumers_and_one_that_is_deleted_holds_nothing()
    {
        await using var world = await StartAsync();
        await world.ApplyAsync("name: t\nstreams: { raw: { partitions: 1, retention: { hard: 1h } } }");
        await AppendAsync(world, 0, 200);
        await PutAsync(world, "c");
        _time.Advance(TimeSpan.FromDays(1));
        await FirstIsAsync(world, first => first > 100);
        await world.ApplyAsync("name: t\nstreams: { raw: { partitions: 1, retention: 1h } }");
        await AppendAsync(world, 200, 400);
        _time.Advance(TimeSpan.FromDays(1));
        var first = First(world);
        await RestAsync(world, first);
        Assert.Equal(ConsumerStatus.Done, (await Consumers(world).DeleteAsync(StreamId(world), "c", default)).Status);
        await FirstIsAsync(world, now => now > first);
    }

    [Fact]
    public async Task Hard_retention_passes_readers_and_they_say_what_they_lost()
    {
        await using var world = await StartAsync();
        await world.ApplyAsync(Reader.Replace("1h", "{ hard: 1h }", StringComparison.Ordinal));
        await world.Keeper.PauseAsync("t", null, default);
        await AppendAsync(world, 0, 200);
        _time.Advance(TimeSpan.FromDays(1));
        await FirstIsAsync(world, first => first > 100);
        var first = First(world);

        await world.Keeper.ResumeAsync("t", null, default);
        await world.UntilAsync("t", status => status.Instances.Any(instance => instance.Error is { } error
            && error.Contains($"events 0 to {first - 1} of raw/0 were deleted", StringComparison.Ordinal)));
        Assert.Equal(200 - first, (await world.ReadAsync("t.all", (int)(200 - first))).Count);
    }

    [Fact]
    public async Task While_a_pipeline_cannot_be_planned_nothing_goes()
    {
        await using (var world = await StartAsync(static name => name == "OUT" ? "out" : null))
        {
            await world.ApplyAsync(Reader);
            await world.ApplyAsync("name: u\nsinks: { files: { from: raw, files: { path: '${OUT}' } } }");
            await world.Keeper.PauseAsync("u", null, default);
            await AppendAsync(world, 0, 200);
            await world.ReadAsync("t.all", 200);
        }

        await using var again = await StartAsync();
        Assert.True(again.Keeper.TryGet("u", out var status) && status.Errors.Count > 0);
        await again.UntilAsync("t", t => t.Instances.All(instance => instance.CheckpointCursor == 200));
        _time.Advance(TimeSpan.FromDays(1));
        await RestAsync(again, 0);

        Assert.Equal(PipelineOutcomeStatus.Done, (await again.Keeper.DeleteAsync("u", false, null, default)).Status);
        await FirstIsAsync(again, first => first > 100);
    }

    [Fact]
    public async Task A_host_that_does_not_know_the_newest_catalog_deletes_nothing()
    {
        await using var old = await StartAsync();
        await old.ApplyAsync("name: t\nstreams: { raw: { partitions: 1, retention: 1h } }");
        await AppendAsync(old, 0, 200);
        await using var newer = await PipelineWorld.StartAsync(
            _stores, 2, RollBytes, _time, partitions: old.Partitions);
        await newer.ApplyAsync("name: u\nstages: { all: { materialize: true, query: SELECT * FROM raw } }");
        await newer.Keeper.PauseAsync("u", null, default);

        _time.Advance(TimeSpan.FromDays(1));
        await RestAsync(old, 0);
        await newer.Keeper.ResumeAsync("u", null, default);
        Assert.Equal(200, (await newer.ReadAsync("u.all", 200)).Distinct().Count());
        await FirstIsAsync(newer, first => first > 100);
    }

    [Fact]
    public async Task A_stream_that_never_fills_a_segment_loses_what_is_old_as_well()
    {
        await using var world = await PipelineWorld.StartAsync(_stores, time: _time);
        await world.ApplyAsync("name: t\nstreams: { raw: { partitions: 1, retention: 1h } }");
        await AppendAsync(world, 0, 50);
        await RestAsync(world, 0);
        _time.Advance(TimeSpan.FromHours(2));
        await FirstIsAsync(world, first => first == 50);
        await AppendAsync(world, 50, 60);
        await RestAsync(world, 50);
        Assert.Equal(10, (await ReadFromAsync(world, 50)).Count);
    }

    private const string Reader = """
        name: t
        streams: { raw: { partitions: 1, retention: 1h } }
        stages: { all: { materialize: true, query: SELECT * FROM raw } }
        """;

    private Task<PipelineWorld> StartAsync(Func<string, string?>? variables = null) =>
        PipelineWorld.StartAsync(_stores, 1, RollBytes, _time, variables: variables);

    private static ConsumerStore Consumers(PipelineWorld world) =>
        new(new RecordStore(world.Registers, new Random()));

    private static long StreamId(PipelineWorld world) => world.Keeper.List().Single().Id;

    private static async Task PutAsync(PipelineWorld world, string name) => Assert.True(
        (await Consumers(world).PutAsync(StreamId(world), new Consumer(name, 1, null, [0]), default)).IsChanged);

    private static async Task CommitAsync(PipelineWorld world, long offset) => Assert.Equal(
        ConsumerStatus.Done,
        (await Consumers(world).CommitAsync(
            StreamId(world), "c", new Dictionary<int, long> { [0] = offset }, false, 2, default)).Status);

    private static IPartition Partition(PipelineWorld world)
    {
        Assert.True(world.Keeper.TryGet(new StreamName("raw"), out var stream));
        return stream.Partitions[0];
    }

    private static long First(PipelineWorld world) => Partition(world).Status.First.Value;

    private static async Task AppendAsync(PipelineWorld world, int from, int to)
    {
        for (var i = from; i < to; i += 10)
        {
            await world.AppendAsync("raw", $"{i}", [.. Enumerable.Range(i, 10).Select(n => ("", $$"""{"n":{{n}}}"""))]);
        }
    }

    private static async Task<List<string>> ReadFromAsync(PipelineWorld world, long first)
    {
        var found = new List<string>();
        var request = new ReadRequest { From = new LogOffset(first) };
        while (true)
        {
            var read = await Partition(world).ReadAsync(request, default);
            Assert.Equal(ReadStatus.Ok, read.Status);
            if (read.Blocks.Count == 0)
            {
                return found;
            }

            found.AddRange(read.Blocks.SelectMany(PipelineWorld.Records));
            var last = read.Blocks[^1];
            request = request with { After = last.Position, From = last.First + last.Count };
        }
    }

    private int SegmentsOnDisk() => Enumerable.Range(0, 3).Sum(store =>
        Directory.GetFiles(_stores.Root(store), "*=log", SearchOption.AllDirectories).Length);

    /// <summary>Retention looks several times, and still the first event kept is this one.</summary>
    private static Task RestAsync(PipelineWorld world, long first) => RestAsync(world, actual => actual == first);

    private static async Task RestAsync(PipelineWorld world, Func<long, bool> holds)
    {
        await Task.Delay(Rounds);
        Assert.True(holds(First(world)), $"the first event kept is {First(world)}");
    }

    private static Task FirstIsAsync(PipelineWorld world, Func<long, bool> holds) =>
        UntilAsync(() => holds(First(world)), $"the first event kept is {First(world)}");

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!holds())
        {
            Assert.False(limit.IsCancellationRequested, what);
            await Task.Delay(5);
        }
    }
}
