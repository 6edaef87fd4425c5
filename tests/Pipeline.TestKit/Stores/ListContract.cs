using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Stores;

/// <summary>Listing and deleting.</summary>
public abstract class ListContract(StoreSource source) : StoreContract(source)
{
    [Fact]
    public async Task A_formatted_store_is_empty()
    {
        var listing = await Store.ListAsync("", Cancellation);

        Assert.Equal(BlobStatus.Ok, listing.Status);
        Assert.Empty(listing.Items);
    }

    [Fact]
    public async Task Names_of_both_kinds_come_in_ordinal_order_with_lengths()
    {
        await PutAsync("b/2", "xyz");
        await PutAsync("b-1", "x");
        await CreateAsync("b/10");
        await AppendAsync(Store, "b/10", 0, "0123456789");
        await PutAsync("a.fix", "");

        var listing = await Other.ListAsync("", Cancellation);

        Assert.Equal(["a.fix:0", "b-1:1", "b/10:10", "b/2:3"], listing.Items.Select(i => $"{i.Name}:{i.Length}"));
    }

    [Theory]
    [InlineData("logs/1", "logs/1/0,logs/1/1,logs/10/0")]
    [InlineData("logs/1/", "logs/1/0,logs/1/1")]
    [InlineData("logs/1/0", "logs/1/0")]
    [InlineData("lo", "logs/1/0,logs/1/1,logs/10/0")]
    [InlineData("none/", "")]
    public async Task A_prefix_is_taken_as_text(string prefix, string expected)
    {
        await PutAsync("logs/1/0", "");
        await PutAsync("logs/1/1", "");
        await PutAsync("logs/10/0", "");
        await PutAsync("registers/x", "");

        var listing = await Store.ListAsync(prefix, Cancellation);

        Assert.Equal(expected, string.Join(',', listing.Items.Select(i => i.Name.Value)));
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_and_deleting_again_is_ok()
    {
        await PutAsync("a/1", "x");
        await PutAsync("a/2", "x");

        Assert.True((await Store.DeleteAsync(Name("a/1"), Cancellation)).IsOk);
        Assert.True((await Other.DeleteAsync(Name("a/1"), Cancellation)).IsOk);

        Assert.Equal("a/2", Assert.Single((await Other.ListAsync("a/", Cancellation)).Items).Name.Value);
    }
}
