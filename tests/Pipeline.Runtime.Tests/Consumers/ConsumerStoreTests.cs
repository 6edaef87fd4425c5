using Pipeline.Runtime.Consumers;
using Pipeline.TestKit.Records;
using Xunit;

namespace Pipeline.Runtime.Tests.Consumers;

/// <summary>Named consumers over records that others change as well.</summary>
public sealed class ConsumerStoreTests
{
    private const long Stream = 7;

    private readonly KeptRecords _records = new();
    private readonly ConsumerStore _store;
    private long _now = 1;

    public ConsumerStoreTests() => _store = new ConsumerStore(_records);

    [Fact]
    public async Task There_are_no_more_than_may_be()
    {
        for (var i = 0; i < ConsumerStore.MaxOfStream; i++)
        {
            Assert.Equal(ConsumerStatus.Done, await PutAsync(Stream, $"c{i}"));
        }

        Assert.Equal(ConsumerStatus.TooMany, await PutAsync(Stream, "more"));
        Assert.Equal(ConsumerStatus.Done, await PutAsync(Stream, "c0"));
        for (var i = ConsumerStore.MaxOfStream; i < ConsumerStore.MaxInAll; i++)
        {
            Assert.Equal(ConsumerStatus.Done, await PutAsync(Stream + 1 + (i / ConsumerStore.MaxOfStream), $"c{i}"));
        }

        Assert.Equal(ConsumerStatus.TooMany, await PutAsync(99, "more"));
        Assert.Equal(ConsumerStatus.Done, (await _store.DeleteAsync(Stream, "c0", default)).Status);
        Assert.Equal(ConsumerStatus.Done, await PutAsync(99, "more"));
        Assert.Equal(ConsumerStore.MaxInAll, (await _store.ListAllAsync(default))!.Count);
    }

    [Fact]
    public async Task A_commit_that_another_one_overtook_does_not_go_back()
    {
        await PutAsync(Stream, "c");
        _records.BeforeWrite = _ => _store.CommitAsync(Stream, "c", At(9), false, 2, default).AsTask();
        var late = await _store.CommitAsync(Stream, "c", At(5), false, 3, default);
        Assert.Equal((ConsumerStatus.Backwards, 0), (late.Status, late.Partition));
        Assert.Equal(9, (await _store.GetAsync(Stream, "c", default)).Consumer!.Offsets[0]);
    }

    [Fact]
    public async Task What_another_one_committed_of_other_partitions_stays()
    {
        await PutAsync(Stream, "c");
        _records.BeforeWrite = async _ =>
        {
            _records.BeforeWrite = null;
            await _store.CommitAsync(Stream, "c", new Dictionary<int, long> { [1] = 4 }, false, 2, default);
        };
        var done = await _store.CommitAsync(Stream, "c", At(5), false, 3, default);
        Assert.Equal([5, 4], done.Consumer!.Offsets);
    }

    [Fact]
    public async Task Of_two_that_make_the_same_one_makes_it()
    {
        ConsumerOutcome? other = null;
        _records.BeforeWrite = async name =>
        {
            if (name == "pipeline/consumers" && other is null)
            {
                other = await _store.PutAsync(Stream, new Consumer("c", 50, null, [8, 8]), default);
            }
        };
        var mine = await _store.PutAsync(Stream, new Consumer("c", 40, null, [3, 3]), default);
        Assert.Equal((true, false), (other!.IsChanged, mine.IsChanged));
        Assert.Equal([8, 8], mine.Consumer!.Offsets);
    }

    [Fact]
    public async Task A_commit_to_one_that_is_deleted_meanwhile_does_not_bring_it_back()
    {
        await PutAsync(Stream, "c");
        _records.BeforeWrite = _ => _store.DeleteAsync(Stream, "c", default).AsTask();
        Assert.Equal(ConsumerStatus.NotFound, (await _store.CommitAsync(Stream, "c", At(5), false, 2, default)).Status);
        _records.BeforeWrite = null;
        await PutAsync(Stream, "c");
        Assert.Equal([0, 0], (await _store.GetAsync(Stream, "c", default)).Consumer!.Offsets);
    }

    [Fact]
    public async Task Without_a_majority_nothing_is_known_and_nothing_said()
    {
        await PutAsync(Stream, "c");
        _records.IsAway = true;
        Assert.Null(await _store.ListAsync(Stream, default));
        Assert.Null(await _store.ListAllAsync(default));
        Assert.Equal(ConsumerStatus.Unavailable, (await _store.GetAsync(Stream, "c", default)).Status);
        Assert.Equal(ConsumerStatus.Unavailable, await PutAsync(Stream, "d"));
        Assert.Equal(ConsumerStatus.Unavailable, (await _store.DeleteAsync(Stream, "c", default)).Status);
        Assert.Equal(
            ConsumerStatus.Unavailable, (await _store.CommitAsync(Stream, "c", At(5), false, 2, default)).Status);
    }

    [Fact]
    public async Task Of_a_stream_that_is_gone_nothing_stays()
    {
        await PutAsync(Stream, "c");
        await PutAsync(Stream, "d");
        await PutAsync(Stream + 1, "c");
        Assert.Equal([Stream, Stream + 1], (await _store.StreamsAsync(default))!);
        await _store.ForgetAsync(Stream, default);
        Assert.Equal([Stream + 1], (await _store.StreamsAsync(default))!);
        Assert.Equal(2, _records.Names.Count);
    }

    private static Dictionary<int, long> At(long offset) => new() { [0] = offset };

    private async Task<ConsumerStatus> PutAsync(long stream, string name) =>
        (await _store.PutAsync(stream, new Consumer(name, _now++, null, [0, 0]), default)).Status;
}
