using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Stores;

/// <summary>Seals: after one is Ok no append is ever Ok again, and what was Ok before is read.</summary>
public abstract class SealContract(StoreSource source) : StoreContract(source)
{
    [Fact]
    public async Task A_sealed_blob_takes_no_append_from_anyone()
    {
        await CreateAsync("log");
        await AppendAsync(Store, "log", 0, "ab");

        var sealing = await Other.SealAsync(Name("log"), Cancellation);

        Assert.Equal(BlobStatus.Ok, sealing.Status);
        Assert.Equal(2, sealing.Length);
        Assert.Equal(BlobStatus.Sealed, (await AppendAsync(Store, "log", 2, "cd")).Status);
        Assert.Equal(BlobStatus.Sealed, (await AppendAsync(Other, "log", 2, "cd")).Status);
        Assert.Equal("ab", await ReadAsync(Store, "log"));
    }

    [Fact]
    public async Task A_read_tells_whether_the_blob_is_sealed()
    {
        await CreateAsync("log");
        await AppendAsync(Store, "log", 0, "abc");
        await Store.SealAsync(Name("log"), Cancellation);

        var whole = await Other.GetAsync(Name("log"), Cancellation);
        var range = await Other.GetRangeAsync(Name("log"), 1, 100, Cancellation);

        Assert.True(whole.IsSealed);
        Assert.Equal(3, whole.Length);
        Assert.True(range.IsSealed);
        Assert.Equal("bc", Text(range));
        Assert.Equal(3, range.Length);
    }

    [Fact]
    public async Task Sealing_twice_is_ok()
    {
        await CreateAsync("log");
        await AppendAsync(Store, "log", 0, "abc");

        Assert.True((await Store.SealAsync(Name("log"), Cancellation)).IsOk);
        var again = await Other.SealAsync(Name("log"), Cancellation);

        Assert.Equal(BlobStatus.Ok, again.Status);
        Assert.Equal(3, again.Length);
    }

    [Fact]
    public async Task Sealing_a_missing_blob_creates_it_sealed_and_empty()
    {
        var sealing = await Store.SealAsync(Name("logs/9/9/9-9"), Cancellation);

        Assert.Equal(BlobStatus.Ok, sealing.Status);
        Assert.Equal(0, sealing.Length);
        var content = await Other.GetAsync(Name("logs/9/9/9-9"), Cancellation);
        Assert.True(content.IsOk && content.IsSealed && content.Length == 0);
        Assert.Equal(BlobStatus.Sealed, (await AppendAsync(Other, "logs/9/9/9-9", 0, "ab")).Status);
        var create = await Other.CreateAppendBlobAsync(Name("logs/9/9/9-9"), Cancellation);
        Assert.Equal(BlobStatus.Conflict, create.Status);
    }

    [Fact]
    public async Task A_listing_gives_a_sealed_blob_once_with_its_length()
    {
        await CreateAsync("logs/a");
        await AppendAsync(Store, "logs/a", 0, "abc");
        await Store.SealAsync(Name("logs/a"), Cancellation);

        var listing = await Other.ListAsync("logs/", Cancellation);

        Assert.Equal(BlobStatus.Ok, listing.Status);
        Assert.Equal("logs/a", Assert.Single(listing.Items).Name.Value);
    }

    [Fact]
    public async Task A_blob_deleted_after_its_seal_leaves_nothing()
    {
        await CreateAsync("log");
        await Store.SealAsync(Name("log"), Cancellation);

        Assert.True((await Store.DeleteAsync(Name("log"), Cancellation)).IsOk);

        Assert.Equal(BlobStatus.NotFound, (await Other.GetAsync(Name("log"), Cancellation)).Status);
        Assert.Empty((await Other.ListAsync("", Cancellation)).Items);
    }

    [Fact]
    public async Task Whatever_was_ok_before_a_seal_is_read_after_it_and_nothing_is_ok_later()
    {
        for (var round = 0; round < 10; round++)
        {
            var name = $"logs/{round}";
            await CreateAsync(name);
            var isSealed = 0;
            var writer = Task.Run(async () =>
            {
                for (var written = 0L; ;)
                {
                    var before = Volatile.Read(ref isSealed);
                    var append = await AppendAsync(Store, name, written, "0123456789");
                    if (!append.IsOk)
                    {
                        Assert.Equal(BlobStatus.Sealed, append.Status);
                        return written;
                    }

                    Assert.Equal(0, before);
                    written = append.Length;
                }
            });
            while ((await Other.GetRangeAsync(Name(name), 0, 1, Cancellation)).Length < 10 * round)
            {
                await Task.Yield();
            }

            var sealing = await Other.SealAsync(Name(name), Cancellation);
            Volatile.Write(ref isSealed, 1);
            var content = await Other.GetAsync(Name(name), Cancellation);
            var acknowledged = await writer;

            Assert.True(sealing.IsOk, $"{sealing}");
            Assert.True(content.IsSealed);
            Assert.True(content.Length >= acknowledged, $"{content.Length} < {acknowledged}");
            Assert.Equal(content.Length, (await Store.GetAsync(Name(name), Cancellation)).Length);
        }
    }

    [Fact]
    public async Task Two_seals_at_once_agree()
    {
        await CreateAsync("log");
        await AppendAsync(Store, "log", 0, "abc");

        var seals = await Task.WhenAll(
            Store.SealAsync(Name("log"), Cancellation).AsTask(), Other.SealAsync(Name("log"), Cancellation).AsTask());

        Assert.All(seals, sealing => Assert.True(sealing.IsOk, $"{sealing}"));
        Assert.All(seals, sealing => Assert.Equal(3, sealing.Length));
        Assert.Equal("abc", await ReadAsync(Store, "log"));
    }
}
