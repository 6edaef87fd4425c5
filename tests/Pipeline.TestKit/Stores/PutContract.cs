using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Stores;

/// <summary>Put blobs: atomic, compare-and-swap, linearizable between processes.</summary>
public abstract class PutContract(StoreSource source) : StoreContract(source)
{
    [Fact]
    public async Task A_put_is_read_back_with_its_version()
    {
        var etag = await PutAsync("registers/stores", "one");

        var content = await Store.GetAsync(Name("registers/stores"), Cancellation);

        Assert.Equal(BlobStatus.Ok, content.Status);
        Assert.Equal("one", Text(content));
        Assert.Equal(etag, content.ETag);
        Assert.Equal(3, content.Length);
    }

    [Fact]
    public async Task A_put_is_seen_from_elsewhere()
    {
        var etag = await PutAsync("a", "one");

        var content = await Other.GetAsync(Name("a"), Cancellation);

        Assert.Equal("one", Text(content));
        Assert.Equal(etag, content.ETag);
    }

    [Fact]
    public async Task A_blob_that_is_not_there_is_not_found() =>
        Assert.Equal(BlobStatus.NotFound, (await Store.GetAsync(Name("a/b/c"), Cancellation)).Status);

    [Fact]
    public async Task If_absent_conflicts_where_the_blob_exists()
    {
        await PutAsync("a", "one");

        var put = await Other.PutAsync(Name("a"), Bytes("two"), PutCondition.IfAbsent, Cancellation);

        Assert.Equal(BlobStatus.Conflict, put.Status);
        Assert.Equal("one", await ReadAsync(Store, "a"));
    }

    [Fact]
    public async Task If_match_replaces_just_the_version_it_names()
    {
        var first = await PutAsync("a", "one");

        var second = await Store.PutAsync(Name("a"), Bytes("two"), PutCondition.IfMatch(first), Cancellation);
        var stale = await Store.PutAsync(Name("a"), Bytes("three"), PutCondition.IfMatch(first), Cancellation);

        Assert.Equal(BlobStatus.Ok, second.Status);
        Assert.NotEqual(first, second.ETag);
        Assert.Equal(BlobStatus.Conflict, stale.Status);
        Assert.Equal("two", await ReadAsync(Other, "a"));
    }

    [Fact]
    public async Task The_same_contents_put_again_are_another_version()
    {
        var first = await PutAsync("a", "same");

        var second = await Store.PutAsync(Name("a"), Bytes("same"), PutCondition.IfMatch(first), Cancellation);

        Assert.True(second.IsOk);
        Assert.NotEqual(first, second.ETag);
    }

    [Fact]
    public async Task If_match_on_a_missing_blob_conflicts()
    {
        var etag = await PutAsync("a", "one");
        await Store.DeleteAsync(Name("a"), Cancellation);

        var put = await Store.PutAsync(Name("a"), Bytes("two"), PutCondition.IfMatch(etag), Cancellation);

        Assert.Equal(BlobStatus.Conflict, put.Status);
        Assert.Equal(BlobStatus.NotFound, (await Store.GetAsync(Name("a"), Cancellation)).Status);
    }

    [Fact]
    public async Task A_blob_deleted_and_created_anew_never_has_an_old_version()
    {
        var first = await PutAsync("a", "one");
        await Store.DeleteAsync(Name("a"), Cancellation);
        var second = await PutAsync("a", "one");

        var put = await Other.PutAsync(Name("a"), Bytes("two"), PutCondition.IfMatch(first), Cancellation);

        Assert.NotEqual(first, second);
        Assert.Equal(BlobStatus.Conflict, put.Status);
    }

    [Fact]
    public async Task An_empty_blob_and_a_large_one_are_kept()
    {
        await PutAsync("empty", "");
        var large = new byte[3_000_000];
        new Random(1).NextBytes(large);
        var put = await Store.PutAsync(Name("large"), large, PutCondition.IfAbsent, Cancellation);

        Assert.True(put.IsOk);
        Assert.Equal("", await ReadAsync(Other, "empty"));
        Assert.True((await Other.GetAsync(Name("large"), Cancellation)).Bytes.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task A_range_of_a_put_blob_ends_where_the_blob_ends()
    {
        await PutAsync("a", "0123456789");

        var middle = await Store.GetRangeAsync(Name("a"), 2, 3, Cancellation);
        var tail = await Store.GetRangeAsync(Name("a"), 8, 100, Cancellation);
        var beyond = await Store.GetRangeAsync(Name("a"), 10, 100, Cancellation);

        Assert.Equal("234", Text(middle));
        Assert.Equal("89", Text(tail));
        Assert.Equal(BlobStatus.Ok, beyond.Status);
        Assert.Equal(0, beyond.Bytes.Length);
        Assert.Equal(10, beyond.Length);
    }

    [Fact]
    public async Task Of_many_creators_one_wins()
    {
        IBlobStore[] stores = [Store, Other, await Source.OpenAgainAsync(Store)];

        var puts = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            stores[i % 3].PutAsync(Name("a"), Bytes($"{i}"), PutCondition.IfAbsent, Cancellation).AsTask()));

        var winner = Assert.Single(Enumerable.Range(0, 12), i => puts[i].IsOk);
        Assert.All(puts, put => Assert.True(put.Status is BlobStatus.Ok or BlobStatus.Conflict, $"{put}"));
        Assert.Equal($"{winner}", await ReadAsync(Store, "a"));
    }

    [Fact]
    public async Task Increments_by_compare_and_swap_lose_none()
    {
        const int Writers = 4;
        const int Each = 8;
        await PutAsync("counter", "0");
        IBlobStore[] stores = [Store, Other];

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async i =>
        {
            for (var done = 0; done < Each;)
            {
                var store = stores[i % 2];
                var seen = await store.GetAsync(Name("counter"), Cancellation);
                var next = Bytes($"{int.Parse(Text(seen), System.Globalization.CultureInfo.InvariantCulture) + 1}");
                var put = await store.PutAsync(Name("counter"), next, PutCondition.IfMatch(seen.ETag), Cancellation);
                done += put.IsOk ? 1 : 0;
            }
        }));

        Assert.Equal($"{Writers * Each}", await ReadAsync(Other, "counter"));
    }

    [Fact]
    public async Task A_reader_sees_old_or_new_contents_never_a_mixture()
    {
        const int Size = 200_000;
        var etag = (await Store.PutAsync(Name("a"), Filled(0), PutCondition.IfAbsent, Cancellation)).ETag;
        using var stop = new CancellationTokenSource();

        var reader = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var content = await Other.GetAsync(Name("a"), Cancellation);
                Assert.True(content.IsOk);
                Assert.Equal(Size, content.Bytes.Length);
                Assert.Equal(-1, content.Bytes.Span.IndexOfAnyExcept(content.Bytes.Span[0]));
            }
        });
        for (byte i = 1; i <= 20; i++)
        {
            var put = await Store.PutAsync(Name("a"), Filled(i), PutCondition.IfMatch(etag), Cancellation);
            Assert.True(put.IsOk, $"{put}");
            etag = put.ETag;
        }

        await stop.CancelAsync();
        await reader;

        static ReadOnlyMemory<byte> Filled(byte value) => Enumerable.Repeat(value, Size).ToArray();
    }
}
