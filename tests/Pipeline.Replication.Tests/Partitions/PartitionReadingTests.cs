using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Reading;
using Pipeline.Replication.Registers;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Logs;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Replication.Tests.Partitions;

public sealed class PartitionReadingTests : IAsyncLifetime
{
    private static readonly PartitionOptions Options = new()
    {
        Log = new LogOptions { RollBytes = 2_000, MaxClosedSegments = 4 },
        ReadBytes = 600,
        CacheBytes = 1,
        StoreTimeout = TimeSpan.FromSeconds(30),
    };

    private readonly ThreadLoop _loop = new("reader", static fault => throw fault);
    private readonly List<string> _written = [];
    private ThreeStores _stores = null!;
    private ThreeStores _again = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await ThreeStores.FormatAsync();
        _again = _stores.Again();
    }

    public async ValueTask DisposeAsync()
    {
        _loop.Dispose();
        await _again.DisposeAsync();
        await _stores.DisposeAsync();
    }

    [Fact]
    public async Task All_that_is_closed_is_read_in_order_while_the_owner_goes_on_and_after_it_is_gone()
    {
        var host = await LogHost.StartAsync(_stores.Set, options: Options);
        var reader = Reader();
        var read = new List<string>();
        var request = new ReadRequest();
        for (var round = 0; round < 4; round++)
        {
            // Many rolls between two looks at the manifest: it skips versions, and the index grows by several blobs.
            await AppendAsync(host, 60 * (round + 1));
            Assert.True(await reader.RefreshAsync(default));
            request = await ReadAsync(reader, request, read);
            Assert.Equal(_written[..read.Count], read);
            Assert.True(read.Count > _written.Count - 60, $"{read.Count} of {_written.Count}");
        }

        host.Kill();
        var late = new List<string>();
        var another = Reader();
        Assert.True(await another.RefreshAsync(default));
        await ReadAsync(another, new ReadRequest(), late);
        Assert.InRange(late.Count, read.Count, _written.Count);
        Assert.Equal(_written[..late.Count], late);
    }

    [Fact]
    public async Task Reading_begins_at_any_offset_and_after_any_block()
    {
        await using var host = await LogHost.StartAsync(_stores.Set, options: Options);
        await AppendAsync(host, 200);
        foreach (var from in new[] { 0, 1, 77, 150 })
        {
            var reader = Reader();
            Assert.True(await reader.RefreshAsync(default));
            var blocks = await BlocksAsync(reader, new ReadRequest { From = new LogOffset(from) });
            Assert.Equal(_written[from], LogHost.Values(blocks[0])[(int)(from - blocks[0].First.Value)]);
            var other = Reader();
            Assert.True(await other.RefreshAsync(default));
            var next = await BlocksAsync(other, new ReadRequest { After = blocks[^1].Position });
            Assert.Equal(blocks[^1].First.Value + blocks[^1].Count, next[0].First.Value);
        }
    }

    [Fact]
    public async Task What_is_open_or_unknown_or_trimmed_is_left_to_the_owner()
    {
        await using var host = await LogHost.StartAsync(_stores.Set, options: Options);
        var (start, end) = (new ReadRequest(), new ReadRequest { From = new LogOffset(200) });
        var reader = Reader();
        Assert.Equal(ReadStatus.BeyondEnd, await StatusAsync(reader, start));
        await AppendAsync(host, 5);
        Assert.True(await reader.RefreshAsync(default));
        Assert.Equal(ReadStatus.BeyondEnd, await StatusAsync(reader, start));
        await AppendAsync(host, 195);
        Assert.True(await reader.RefreshAsync(default));
        var first = await BlocksAsync(reader, start);
        Assert.Equal(ReadStatus.BeyondEnd, await StatusAsync(reader, end));
        await TrimAsync(host, 150);
        var outcome = await host.Partition.ReadAsync(start with { LeavesClosed = true }, default);
        Assert.Equal(ReadStatus.Trimmed, outcome.Status);
        Assert.True(await reader.RefreshAsync(default));
        Assert.Equal(ReadStatus.Trimmed, await StatusAsync(reader, start));
        Assert.Equal(ReadStatus.Trimmed, await StatusAsync(reader, start with { After = first[0].Position }));
    }

    [Fact]
    public async Task Who_has_read_all_that_is_trimmed_reads_on()
    {
        await using var host = await LogHost.StartAsync(_stores.Set, options: Options);
        await AppendAsync(host, 200);
        var blocks = new List<LogBlock>();
        var request = new ReadRequest();
        while (blocks.Count == 0 || blocks[^1].First.Value + blocks[^1].Count < 200)
        {
            var read = await host.Partition.ReadAsync(request, default);
            blocks.AddRange(read.Blocks);
            request = request.Following(read);
        }

        // The last block of a segment: of it nothing is left.
        var at = Enumerable.Range(0, blocks.Count - 1)
            .First(i => blocks[i].Position.Segment != blocks[i + 1].Position.Segment);
        var (last, next) = (blocks[at], blocks[at + 1]);
        await TrimAsync(host, (int)next.First.Value);
        var begun = new ReadRequest { After = last.Position };
        Assert.Equal(ReadStatus.Trimmed, (await host.Partition.ReadAsync(begun, default)).Status);
        var following = new ReadRequest().Following(new ReadOutcome(ReadStatus.Ok) { Blocks = [last] });
        var outcome = await host.Partition.ReadAsync(following, default);
        Assert.Equal((ReadStatus.Ok, next.First), (outcome.Status, outcome.Blocks[0].First));
    }

    [Fact]
    public async Task What_was_deleted_since_the_manifest_was_read_is_left_to_the_owner()
    {
        await using var host = await LogHost.StartAsync(_stores.Set, options: Options);
        await AppendAsync(host, 200);
        var reader = Reader();
        Assert.True(await reader.RefreshAsync(default));
        await TrimAsync(host, 190);
        foreach (var member in _stores.Members)
        {
            // The owner asks each store once; what one has not deleted then is left to the scrubber, here to the test.
            await Eventually.IsTrueAsync(
                async () => !await DeleteFirstAsync(member.Store),
                TimeSpan.FromSeconds(20),
                "the first segment is deleted");
        }

        Assert.Equal(ReadStatus.Unavailable, await StatusAsync(reader, new ReadRequest()));
    }

    private static async Task<bool> DeleteFirstAsync(IBlobStore store)
    {
        var first = (await store.ListAsync(LogNames.Prefix(LogHost.Log), default)).Items.FirstOrDefault(
            static item => LogNames.TryParseSegment(LogHost.Log, item.Name, out var id) && id.Number == 0);
        if (first.Name == default)
        {
            return false;
        }

        await store.DeleteAsync(first.Name, default);
        return true;
    }

    [Theory]
    [InlineData(BlobStatus.Unavailable, false)]
    [InlineData(BlobStatus.StoreLost, false)]
    [InlineData(BlobStatus.NotFound, false)]
    [InlineData(BlobStatus.Ok, true)]
    public async Task Two_stores_that_give_nothing_or_never_answer_are_passed_over(BlobStatus status, bool isFrozen)
    {
        await using var host = await LogHost.StartAsync(_stores.Set, options: Options);
        await AppendAsync(host, 200);
        var never = new TaskCompletionSource().Task;
        foreach (var store in new[] { 0, 1 })
        {
            _again.Decorate(store, inner => new FaultyStore(inner, what => what != "range"
                ? StoreFault.None
                : new StoreFault(status, IsDone: false, isFrozen ? never : null)));
        }

        var reader = Reader(storeTimeout: TimeSpan.FromSeconds(2));
        Assert.True(await reader.RefreshAsync(default));
        var blocks = await BlocksAsync(reader, new ReadRequest());
        Assert.Equal(_written[0], LogHost.Values(blocks[0])[0]);
    }

    [Fact]
    public async Task Without_a_store_that_answers_it_says_so_in_time()
    {
        await using var host = await LogHost.StartAsync(_stores.Set, options: Options);
        await AppendAsync(host, 200);
        var isGone = false;
        for (var store = 0; store < 3; store++)
        {
            _again.Decorate(store, inner => new FaultyStore(
                inner, _ => isGone ? new StoreFault(BlobStatus.Unavailable, IsDone: false) : StoreFault.None));
        }

        var reader = Reader();
        Assert.True(await reader.RefreshAsync(default));
        isGone = true;
        Assert.Equal(ReadStatus.Unavailable, await StatusAsync(reader, new ReadRequest()));
        Assert.False(await reader.RefreshAsync(default));
        isGone = false;
        Assert.Equal(ReadStatus.Ok, await StatusAsync(reader, new ReadRequest()));
    }

    [Fact]
    public async Task The_owner_leaves_to_a_reader_what_it_would_have_to_read_itself_and_nothing_else()
    {
        await using var host = await LogHost.StartAsync(_stores.Set, options: Options);
        await AppendAsync(host, 200);
        var reader = Reader();
        var read = new List<string>();
        var (own, closed) = (0, 0);
        var request = new ReadRequest { LeavesClosed = true };
        while (read.Count < _written.Count)
        {
            var outcome = await host.Partition.ReadAsync(request, default);
            var blocks = outcome.Blocks;
            if (outcome.Status == ReadStatus.Closed)
            {
                Assert.Empty(blocks);
                Assert.True(await reader.RefreshAsync(default));
                blocks = await BlocksAsync(reader, request);
                closed++;
            }
            else
            {
                Assert.Equal(ReadStatus.Ok, outcome.Status);
                own++;
            }

            Assert.NotEmpty(blocks);
            read.AddRange(blocks.SelectMany(LogHost.Values));
            request = request with { From = new LogOffset(read.Count), After = blocks[^1].Position };
        }

        Assert.Equal(_written, read);
        Assert.True(own > 0 && closed > 3, $"{own} {closed}");
        Assert.Equal(_written, await host.ReadAsync());
    }

    [Fact]
    public async Task A_new_owner_knows_the_blocks_of_the_segment_that_it_took_over()
    {
        var options = Options with { Log = new LogOptions() };
        LogPosition last;
        await using (var host = await LogHost.StartAsync(_stores.Set, options: options))
        {
            await AppendAsync(host, 100);
            var read = await host.Partition.ReadAsync(new ReadRequest { From = new LogOffset(99) }, default);
            last = read.Blocks[^1].Position;
        }

        var reads = 0;
        for (var store = 0; store < 3; store++)
        {
            _again.Decorate(store, inner => new FaultyStore(inner, what =>
            {
                reads += what == "range" ? 1 : 0;
                return StoreFault.None;
            }));
        }

        await using var next = await LogHost.StartAsync(_again.Set, seed: 2, options: options);
        for (var before = -1; before != reads;)
        {
            // Until the copy that was not waited for has been looked at too.
            before = reads;
            await Task.Delay(500);
        }

        reads = 0;
        var waiting = next.Partition.ReadAsync(
            new ReadRequest { After = last, From = new LogOffset(100), Wait = TimeSpan.FromSeconds(20) }, default);
        await AppendAsync(next, 1);
        Assert.Equal(_written[^1], LogHost.Values((await waiting).Blocks[0])[0]);
        Assert.Equal(0, reads);
    }

    [Fact]
    public async Task A_segment_that_moves_to_the_index_while_it_is_read_is_read_on()
    {
        await using (var host = await LogHost.StartAsync(_stores.Set, options: Options))
        {
            await AppendAsync(host, 100);
        }

        var isHeld = false;
        var isReading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var store = 0; store < 3; store++)
        {
            _again.Decorate(store, inner => new FaultyStore(inner, what =>
            {
                if (!isHeld || what != "range")
                {
                    return StoreFault.None;
                }

                isReading.TrySetResult();
                return new StoreFault(BlobStatus.Ok, Until: goOn.Task);
            }));
        }

        await using var next = await LogHost.StartAsync(_again.Set, seed: 2, options: Options);
        isHeld = true;
        var reading = next.Partition.ReadAsync(new ReadRequest { After = new LogPosition(0, 9) }, default).AsTask();
        await isReading.Task;
        await AppendAsync(next, 200);
        goOn.SetResult();
        var outcome = await reading;
        Assert.Equal(ReadStatus.Ok, outcome.Status);
        Assert.Equal(new LogPosition(0, 10), outcome.Blocks[0].Position);
    }

    private ClosedReader Reader(TimeSpan? storeTimeout = null) => new(
        LogHost.Log,
        _again.Set,
        new QuorumRegisters(_again.Set, _loop, new Random(5)),
        Options with { StoreTimeout = storeTimeout ?? Options.StoreTimeout },
        TimeProvider.System);

    /// <summary>One event a block, about 130 bytes each.</summary>
    private async Task AppendAsync(LogHost host, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _written.Add($"{_written.Count} {new string('x', 40)}");
            Assert.Equal(AppendStatus.Appended, (await host.AppendAsync(_written[^1])).Status);
        }
    }

    private static async Task<IReadOnlyList<LogBlock>> BlocksAsync(ClosedReader reader, ReadRequest request)
    {
        var outcome = await reader.ReadAsync(request, default);
        Assert.Equal(ReadStatus.Ok, outcome.Status);
        Assert.NotEmpty(outcome.Blocks);
        Assert.Equal(outcome.Blocks[^1].Position, outcome.Next);
        return outcome.Blocks;
    }

    private static async Task<ReadStatus> StatusAsync(ClosedReader reader, ReadRequest request) =>
        (await reader.ReadAsync(request, default)).Status;

    /// <summary>Has the log let go of segments before an offset.</summary>
    private async Task TrimAsync(LogHost host, long lowWater)
    {
        await host.Partition.TrimAsync(new LogOffset(lowWater), default);
        while (host.Partition.Status.First.Value == 0)
        {
            await AppendAsync(host, 1);
        }
    }

    /// <summary>Reads on until the owner would have to be asked.</summary>
    private static async Task<ReadRequest> ReadAsync(ClosedReader reader, ReadRequest request, List<string> values)
    {
        while (await reader.ReadAsync(request, default) is { Status: not ReadStatus.BeyondEnd } outcome)
        {
            Assert.Equal(ReadStatus.Ok, outcome.Status);
            values.AddRange(outcome.Blocks.SelectMany(LogHost.Values));
            request = request with { From = new LogOffset(values.Count), After = outcome.Next };
        }

        return request;
    }
}
