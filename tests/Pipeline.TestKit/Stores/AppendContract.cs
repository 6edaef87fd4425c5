using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Stores;

/// <summary>Append blobs: at a position, whole, never over what is there.</summary>
public abstract class AppendContract(StoreSource source) : StoreContract(source)
{
    [Fact]
    public async Task Appends_at_the_known_length_follow_each_other()
    {
        await CreateAsync("logs/1/0/1-0");

        var first = await AppendAsync(Store, "logs/1/0/1-0", 0, "ab", "", "cd");
        var second = await AppendAsync(Other, "logs/1/0/1-0", 4, "ef");

        Assert.Equal(BlobStatus.Ok, first.Status);
        Assert.Equal(4, first.Length);
        Assert.Equal(6, second.Length);
        Assert.Equal("abcdef", await ReadAsync(Store, "logs/1/0/1-0"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_append_elsewhere_than_at_the_end_writes_nothing(long position)
    {
        await CreateAsync("log");
        await AppendAsync(Store, "log", 0, "ab");

        var append = await AppendAsync(Other, "log", position, "xy");

        Assert.Equal(BlobStatus.PositionMismatch, append.Status);
        Assert.Equal(2, append.Length);
        Assert.Equal("ab", await ReadAsync(Store, "log"));
    }

    [Fact]
    public async Task An_append_never_creates_a_blob()
    {
        var append = await AppendAsync(Store, "log", 0, "ab");

        Assert.Equal(BlobStatus.NotFound, append.Status);
        Assert.Equal(BlobStatus.NotFound, (await Store.GetAsync(Name("log"), Cancellation)).Status);
    }

    [Fact]
    public async Task An_append_to_a_deleted_blob_is_not_found()
    {
        await CreateAsync("log");
        await AppendAsync(Store, "log", 0, "ab");
        await Other.DeleteAsync(Name("log"), Cancellation);

        Assert.Equal(BlobStatus.NotFound, (await AppendAsync(Store, "log", 2, "cd")).Status);
    }

    [Fact]
    public async Task Creating_a_blob_that_exists_conflicts_and_keeps_it()
    {
        await CreateAsync("log");
        await AppendAsync(Store, "log", 0, "ab");

        var create = await Other.CreateAppendBlobAsync(Name("log"), Cancellation);

        Assert.Equal(BlobStatus.Conflict, create.Status);
        Assert.Equal("ab", await ReadAsync(Store, "log"));
    }

    [Fact]
    public async Task A_created_blob_is_empty_and_not_sealed()
    {
        await CreateAsync("log");

        var content = await Other.GetAsync(Name("log"), Cancellation);

        Assert.Equal(BlobStatus.Ok, content.Status);
        Assert.Equal(0, content.Length);
        Assert.False(content.IsSealed);
    }

    [Fact]
    public async Task Of_appends_at_one_position_one_wins_and_is_whole()
    {
        await CreateAsync("log");
        IBlobStore[] stores = [Store, Other];
        var position = 0L;
        for (var round = 0; round < 5; round++)
        {
            var at = position;
            var appends = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
                AppendAsync(stores[i % 2], "log", at, new string((char)('a' + i), 1000)).AsTask()));

            var winner = Assert.Single(Enumerable.Range(0, 8), i => appends[i].IsOk);
            Assert.All(appends, a => Assert.True(a.Status is BlobStatus.Ok or BlobStatus.PositionMismatch, $"{a}"));
            var content = await Store.GetRangeAsync(Name("log"), at, int.MaxValue, Cancellation);
            Assert.Equal(new string((char)('a' + winner), 1000), Text(content));
            position += 1000;
        }
    }

    [Fact]
    public async Task An_append_of_nothing_is_Ok_only_at_the_end()
    {
        await CreateAsync("log");
        await AppendAsync(Store, "log", 0, "ab");

        Assert.Equal(BlobStatus.Ok, (await AppendAsync(Other, "log", 2, "")).Status);
        var before = await AppendAsync(Other, "log", 1, "");
        Assert.Equal((BlobStatus.PositionMismatch, 2L), (before.Status, before.Length));
        Assert.True((await Store.SealAsync(Name("log"), Cancellation)).IsOk);
        Assert.Equal(BlobStatus.Sealed, (await AppendAsync(Other, "log", 2, "")).Status);
        Assert.Equal(BlobStatus.NotFound, (await AppendAsync(Other, "none", 0, "")).Status);
    }

    [Fact]
    public async Task A_range_ends_where_the_blob_ends()
    {
        await CreateAsync("log");
        await AppendAsync(Store, "log", 0, "0123456789");

        Assert.Equal("34", Text(await Other.GetRangeAsync(Name("log"), 3, 2, Cancellation)));
        Assert.Equal("89", Text(await Other.GetRangeAsync(Name("log"), 8, 50, Cancellation)));
        var beyond = await Other.GetRangeAsync(Name("log"), 12, 50, Cancellation);
        Assert.Equal(BlobStatus.Ok, beyond.Status);
        Assert.Equal(0, beyond.Bytes.Length);
        Assert.Equal(10, beyond.Length);
    }

    [Fact]
    public async Task The_largest_request_part_goes_in_in_one_piece()
    {
        await CreateAsync("log");
        var large = new byte[Source.LargeAppend];
        new Random(2).NextBytes(large);
        ReadOnlyMemory<byte>[] pieces = [large.AsMemory(0, 1000), large.AsMemory(1000)];

        var append = await Store.AppendAsync(Name("log"), 0, pieces, Cancellation);

        Assert.Equal(BlobStatus.Ok, append.Status);
        Assert.Equal(large.Length, append.Length);
        var content = await Other.GetAsync(Name("log"), Cancellation);
        Assert.True(content.Bytes.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task Many_small_pieces_go_in_in_order()
    {
        await CreateAsync("log");
        var pieces = Enumerable.Range(0, 500).Select(i => $"{i:000}").ToArray();

        Assert.True((await AppendAsync(Store, "log", 0, pieces)).IsOk);

        Assert.Equal(string.Concat(pieces), await ReadAsync(Other, "log"));
    }

    [Fact]
    public async Task Appends_to_many_blobs_at_once_do_not_mix()
    {
        const int Blobs = 12;
        await Task.WhenAll(Enumerable.Range(0, Blobs).Select(i => CreateAsync($"logs/{i}")));

        await Task.WhenAll(Enumerable.Range(0, Blobs).Select(async i =>
        {
            for (var n = 0; n < 5; n++)
            {
                var append = await AppendAsync(n % 2 == 0 ? Store : Other, $"logs/{i}", n * 10, $"{i:0000000000}");
                Assert.True(append.IsOk, $"{append}");
            }
        }));

        for (var i = 0; i < Blobs; i++)
        {
            Assert.Equal(string.Concat(Enumerable.Repeat($"{i:0000000000}", 5)), await ReadAsync(Store, $"logs/{i}"));
        }
    }

    [Fact]
    public async Task A_write_cancelled_before_it_starts_throws_or_happens()
    {
        await CreateAsync("log");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Store.AppendAsync(Name("log"), 0, [Bytes("ab")], cancelled.Token));

        Assert.True(await ReadAsync(Other, "log") is "" or "ab");
    }
}
