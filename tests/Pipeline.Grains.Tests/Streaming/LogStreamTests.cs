using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Streaming;
using Pipeline.Grains.Tests.Silos;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Tests.Streaming;

/// <summary>Two silos for all tests; each test has its stream and its readers.</summary>
public sealed class LogStreamTests(TwoSilos silos) : IClassFixture<TwoSilos>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static int _tests;

    private readonly GrainWorld _world = silos.World;
    private readonly string _stream = $"s{Interlocked.Increment(ref _tests)}";

    private IReaderGrain Reader => _world.Grains.GetGrain<IReaderGrain>(_stream);

    public async ValueTask InitializeAsync() =>
        await _world.ApplyAsync($"name: p-{_stream}\nstreams: {{ {_stream}: {{ partitions: 2, key: k }} }}\n");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_grain_gets_committed_events_from_its_token_on_in_order_also_those_that_come_later()
    {
        await _world.AppendAsync(_stream, 0, 100, keys: 1);
        var partition = await FilledAsync();
        await Reader.SubscribeAsync(_stream, partition, 40);
        await ExpectAsync(40, 100);
        for (var first = 100; first < 200; first += 10)
        {
            await _world.AppendAsync(_stream, first, 10, keys: 1);
        }

        await ExpectAsync(40, 200);
    }

    [Fact]
    public async Task Without_a_token_it_gets_all_that_is_kept()
    {
        await _world.AppendAsync(_stream, 0, 30, keys: 1);
        await Reader.SubscribeAsync(_stream, await FilledAsync(), null);
        await ExpectAsync(0, 30);
    }

    [Fact]
    public async Task Resumed_at_an_earlier_token_it_gets_again_what_came_after_it()
    {
        await AppendOneByOneAsync(0, 20);
        await Reader.SubscribeAsync(_stream, await FilledAsync(), 15);
        await ExpectAsync(15, 20);
        await Reader.ResumeAsync(10);
        await ExpectAsync([.. Range(15, 20), .. Range(10, 20)]);
        await Reader.ResumeAsync(null);
        await AppendOneByOneAsync(20, 5);
        await ExpectAsync([.. Range(15, 20), .. Range(10, 25)]);
    }

    [Fact]
    public async Task A_token_is_the_same_after_a_call_and_goes_on_where_it_stands()
    {
        await AppendOneByOneAsync(0, 5);
        await Reader.SubscribeAsync(_stream, await FilledAsync(), 0);
        await ExpectAsync(0, 5);
        var token = Assert.IsType<LogToken>(await Reader.TokenAsync());
        Assert.Equal(5, token.SequenceNumber);
        Assert.NotNull(token.Position);
        Assert.True(token.CompareTo(LogToken.At(4)) > 0);
    }

    [Fact]
    public async Task After_it_unsubscribed_it_gets_nothing_and_the_other_subscriber_goes_on()
    {
        await AppendOneByOneAsync(0, 5);
        var other = _world.Grains.GetGrain<IReaderGrain>($"other {_stream}");
        var partition = await FilledAsync();
        await Reader.SubscribeAsync(_stream, partition, 0);
        await other.SubscribeAsync(_stream, partition, 0);
        await ExpectAsync(0, 5);
        await Reader.UnsubscribeAsync();
        await AppendOneByOneAsync(5, 5);
        await ExpectAsync(other, Range(0, 10));
        await ExpectAsync(0, 5);
    }

    [Fact]
    public async Task A_block_that_the_observer_fails_on_comes_again_and_none_is_left_out()
    {
        await AppendOneByOneAsync(0, 10);
        await Reader.FailAsync(3);
        await Reader.SubscribeAsync(_stream, await FilledAsync(), 0);
        await ExpectAsync(0, 10);
        Assert.Equal(["not now", "not now", "not now"], await Reader.ErrorsAsync());
    }

    [Fact]
    public async Task A_partition_that_moves_to_another_silo_and_back_is_read_on_each_event_once()
    {
        await AppendOneByOneAsync(0, 10);
        var partition = await FilledAsync();
        await Reader.SubscribeAsync(_stream, partition, 0);
        var moved = _world.Partition(_stream, int.Parse(partition));
        var silos = _world.Silos.Select(static silo =>
            silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress).ToList();
        for (var round = 0; round < 4; round++)
        {
            var target = silos[round % 2];
            await moved.MoveAsync(target);
            await AppendOneByOneAsync(10 + (10 * round), 10);
            await Eventually.IsTrueAsync(() => IsAtAsync(moved, target), Patience, "the partition has moved");
        }

        await ExpectAsync(0, 50);
    }

    /// <summary>Whether it is served there; the keeper, which wants the silos even, may have moved it back.</summary>
    private static async Task<bool> IsAtAsync(GrainPartition partition, SiloAddress target)
    {
        if (!await partition.RefreshAsync() || partition.Report is not { IsServing: true } report)
        {
            return false;
        }

        if (!report.Silo.Equals(target))
        {
            await partition.MoveAsync(target);
        }

        return report.Silo.Equals(target);
    }

    [Fact]
    public async Task A_token_beyond_the_end_is_told_to_the_observer()
    {
        await AppendOneByOneAsync(0, 2);
        await Reader.SubscribeAsync(_stream, await FilledAsync(), 1000);
        var errors = await Eventually.GetAsync(
            Reader.ErrorsAsync, static errors => errors.Count > 0, Patience, "an error");
        Assert.Contains("1000 lies beyond the end, 2", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nosuch", "0", "There is no stream \"nosuch\"; there are: s1")]
    [InlineData("s1", "2", "The stream \"s1\" has 2 partitions, numbered from 0; there is no partition 2.")]
    [InlineData("s", "x", "names no partition")]
    [InlineData("s", "-1", "names no partition")]
    [InlineData("s/t", "0", "names no partition")]
    public async Task What_is_no_partition_is_said_at_once(string stream, string partition, string message)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Reader.SubscribeAsync(stream, partition, 0));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_types_other_tokens_filters_and_writing_are_refused_with_what_to_do()
    {
        var provider = _world.Silos[0].Services.GetRequiredKeyedService<IStreamProvider>("log");
        var id = StreamId.Create("s", "0");
        var type = Assert.Throws<ArgumentException>(() => provider.GetStream<string>(id));
        Assert.Contains("A log stream gives LogEventBlock, not String", type.Message, StringComparison.Ordinal);
        var stream = provider.GetStream<LogEventBlock>(id);
        var observer = new Ignorant();
        var token = await Assert.ThrowsAsync<ArgumentException>(
            () => stream.SubscribeAsync(observer, new Orleans.Providers.Streams.Common.EventSequenceTokenV2(3)));
        Assert.Contains("LogToken.At(offset)", token.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotSupportedException>(() => stream.SubscribeAsync(observer, null, "filter"));
        var write = await Assert.ThrowsAsync<NotSupportedException>(() => Reader.ProduceAsync("s", "0"));
        Assert.Contains("POST /v1/streams/s/events", write.Message, StringComparison.Ordinal);
    }

    private static List<int> Range(int from, int end) => [.. Enumerable.Range(from, end - from)];

    private Task ExpectAsync(int from, int end) => ExpectAsync(Range(from, end));

    private Task ExpectAsync(List<int> numbers) => ExpectAsync(Reader, numbers);

    /// <summary>All events have one key, and offsets are then numbers.</summary>
    private static async Task ExpectAsync(IReaderGrain reader, List<int> numbers)
    {
        var seen = await Eventually.GetAsync(
            reader.SeenAsync, seen => seen.Count >= numbers.Count, Patience, $"{numbers.Count} events");
        Assert.Equal(numbers, seen.Select(static one => one.Number));
        Assert.Equal(numbers, seen.Select(static one => (int)one.Offset));
    }

    private async Task AppendOneByOneAsync(int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            await _world.AppendAsync(_stream, i, 1, keys: 1);
        }
    }

    /// <summary>The partition where the events are.</summary>
    private async Task<string> FilledAsync() => (await _world.ReadAsync(_stream, 0)).Count > 0 ? "0" : "1";

    private sealed class Ignorant : IAsyncObserver<LogEventBlock>
    {
        public Task OnNextAsync(LogEventBlock item, StreamSequenceToken? token = null) => Task.CompletedTask;

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }
}
