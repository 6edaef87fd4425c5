using System.Text;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Records;
using Pipeline.Replication.Registers;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Replication.Tests.Records;

public sealed class RecordStoreTests : IAsyncLifetime
{
    private readonly List<ThreadLoop> _loops = [];
    private ThreeStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await ThreeStores.FormatAsync();

    public async ValueTask DisposeAsync()
    {
        _loops.ForEach(static loop => loop.Dispose());
        await _stores.DisposeAsync();
    }

    [Fact]
    public async Task What_was_never_written_is_not_there()
    {
        Assert.Equal(new RecordOutcome(RecordStatus.Done, null, null), await Process().ReadAsync("a", default));
    }

    [Fact]
    public async Task A_write_with_the_last_tag_is_read_by_another_process()
    {
        var mine = Process();
        var first = await mine.WriteAsync("a", null, Bytes("one"), default);
        var second = await mine.WriteAsync("a", first.Tag, Bytes("two"), default);
        Assert.Equal(RecordStatus.Done, second.Status);
        Assert.NotEqual(first.Tag, second.Tag);
        var read = await Process().ReadAsync("a", default);
        Assert.Equal(("two", second.Tag), (Text(read), read.Tag));
        Assert.Null((await Process().ReadAsync("b", default)).Value);
    }

    [Fact]
    public async Task An_outdated_or_a_missing_tag_is_a_conflict_that_changes_nothing()
    {
        var mine = Process();
        var first = await mine.WriteAsync("a", null, Bytes("one"), default);
        var second = await mine.WriteAsync("a", first.Tag, Bytes("two"), default);
        foreach (var tag in new[] { null, first.Tag, "made up" })
        {
            var refused = await Process().WriteAsync("a", tag, Bytes("three"), default);
            Assert.Equal((RecordStatus.Conflict, second.Tag), (refused.Status, refused.Tag));
            Assert.Equal(RecordStatus.Conflict, (await Process().WriteAsync("a", tag, null, default)).Status);
        }

        Assert.Equal("two", Text(await mine.ReadAsync("a", default)));
        Assert.Equal(RecordStatus.Conflict, (await mine.WriteAsync("new", "made up", Bytes("x"), default)).Status);
    }

    [Fact]
    public async Task What_was_ended_is_not_there_and_may_be_written_anew_but_not_with_the_old_tag()
    {
        var mine = Process();
        var first = await mine.WriteAsync("a", null, Bytes("one"), default);
        var ended = await mine.WriteAsync("a", first.Tag, null, default);
        Assert.Equal(new RecordOutcome(RecordStatus.Done, null, null), ended);
        Assert.Null((await Process().ReadAsync("a", default)).Value);
        Assert.Equal(RecordStatus.Conflict, (await mine.WriteAsync("a", first.Tag, Bytes("two"), default)).Status);
        Assert.Equal(RecordStatus.Done, (await mine.WriteAsync("a", null, Bytes("three"), default)).Status);
    }

    [Fact]
    public async Task Of_writers_with_the_same_tag_at_once_exactly_one_succeeds()
    {
        var tag = (await Process().WriteAsync("a", null, Bytes("start"), default)).Tag;
        for (var round = 0; round < 5; round++)
        {
            var writers = Enumerable.Range(0, 4).Select(i =>
                Process().WriteAsync("a", tag, Bytes($"{i}"), default).AsTask()).ToList();
            var outcomes = await Task.WhenAll(writers);
            var done = Assert.Single(outcomes, static outcome => outcome.Status == RecordStatus.Done);
            Assert.Equal(done.Tag, (await Process().ReadAsync("a", default)).Tag);
            tag = done.Tag;
        }
    }

    [Fact]
    public async Task An_empty_value_is_a_value_and_too_large_a_one_is_refused()
    {
        var mine = Process();
        Assert.NotNull((await mine.WriteAsync("a", null, ReadOnlyMemory<byte>.Empty, default)).Tag);
        Assert.Equal(0, (await mine.ReadAsync("a", default)).Value!.Value.Length);
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await mine.WriteAsync("b", null, new byte[RecordStore.MaxBytes + 1], default));
    }

    /// <summary>The same stores, as another process has them open.</summary>
    private RecordStore Process()
    {
        var loop = new ThreadLoop("records", static fault => throw fault);
        _loops.Add(loop);
        var seed = _loops.Count;
        return new RecordStore(
            new QuorumRegisters(_stores.Again().Set, loop, new Random(seed)), new Random(1000 + seed));
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(RecordOutcome read) => Encoding.UTF8.GetString(read.Value!.Value.Span);
}
