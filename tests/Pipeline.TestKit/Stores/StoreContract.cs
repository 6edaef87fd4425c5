using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Stores;

/// <summary>What the contract suites share: a formatted store, and a second view of it from elsewhere.</summary>
public abstract class StoreContract(StoreSource source) : IAsyncLifetime
{
    protected StoreSource Source { get; } = source;

    protected IBlobStore Store { get; private set; } = null!;

    /// <summary>The same store, opened independently.</summary>
    protected IBlobStore Other { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Store = await Source.FormatAsync();
        Other = await Source.OpenAgainAsync(Store);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static BlobName Name(string value) => new(value);

    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(BlobContent content) => Encoding.UTF8.GetString(content.Bytes.Span);

    protected async Task<ETag> PutAsync(string name, string text)
    {
        var put = await Store.PutAsync(Name(name), Bytes(text), PutCondition.IfAbsent, Cancellation);
        Assert.Equal(BlobStatus.Ok, put.Status);
        return put.ETag;
    }

    protected async Task CreateAsync(string name) =>
        Assert.Equal(BlobStatus.Ok, (await Store.CreateAppendBlobAsync(Name(name), Cancellation)).Status);

    protected static ValueTask<BlobOutcome> AppendAsync(
        IBlobStore store, string name, long position, params string[] text) =>
        store.AppendAsync(Name(name), position, [.. text.Select(Bytes)], Cancellation);

    protected static async Task<string> ReadAsync(IBlobStore store, string name)
    {
        var content = await store.GetAsync(Name(name), Cancellation);
        Assert.Equal(BlobStatus.Ok, content.Status);
        return Text(content);
    }
}
