using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Replicas;

/// <summary>Lets a test decide, for each call on a store, whether it happens and what it answers.</summary>
public sealed class FaultyStore(IBlobStore store, Func<string, string, StoreFault> decide) : IBlobStore
{
    /// <param name="store">The store.</param>
    /// <param name="decide">Told the call only, and not the blob's name.</param>
    public FaultyStore(IBlobStore store, Func<string, StoreFault> decide)
        : this(store, (what, _) => decide(what))
    {
    }

    public string Name => store.Name;

    public StoreId Id => store.Id;

    public ValueTask<BlobContent> GetAsync(BlobName name, CancellationToken cancellationToken) => AroundAsync(
        "get", name.Value, () => store.GetAsync(name, cancellationToken), status => new BlobContent(status));

    public ValueTask<BlobContent> GetRangeAsync(
        BlobName name, long position, int length, CancellationToken cancellationToken) => AroundAsync(
        "range",
        name.Value,
        () => store.GetRangeAsync(name, position, length, cancellationToken),
        status => new BlobContent(status));

    public ValueTask<BlobOutcome> PutAsync(
        BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        AroundAsync("put", name.Value, () => store.PutAsync(name, content, condition, cancellationToken), Outcome);

    public ValueTask<BlobOutcome> CreateAppendBlobAsync(BlobName name, CancellationToken cancellationToken) =>
        AroundAsync("create", name.Value, () => store.CreateAppendBlobAsync(name, cancellationToken), Outcome);

    public ValueTask<BlobOutcome> AppendAsync(
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken) =>
        AroundAsync("append", name.Value, () => store.AppendAsync(name, position, content, cancellationToken), Outcome);

    public ValueTask<BlobOutcome> SealAsync(BlobName name, CancellationToken cancellationToken) =>
        AroundAsync("seal", name.Value, () => store.SealAsync(name, cancellationToken), Outcome);

    public ValueTask<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken) =>
        AroundAsync("delete", name.Value, () => store.DeleteAsync(name, cancellationToken), Outcome);

    public ValueTask<BlobListing> ListAsync(string prefix, CancellationToken cancellationToken) => AroundAsync(
        "list", prefix, () => store.ListAsync(prefix, cancellationToken), status => new BlobListing(status, []));

    private static BlobOutcome Outcome(BlobStatus status) => new(status);

    private async ValueTask<T> AroundAsync<T>(
        string operation, string blob, Func<ValueTask<T>> call, Func<BlobStatus, T> answer)
    {
        var fault = decide(operation, blob);
        if (fault.Until is { } until)
        {
            await until;
        }

        if (!fault.IsDone)
        {
            return answer(fault.Status);
        }

        var outcome = await call();
        return fault.Status == BlobStatus.Ok ? outcome : answer(fault.Status);
    }
}

/// <summary>
/// What happens to a call. Status Ok: its own answer; IsDone: it really happens; Until: not before that.
/// </summary>
public readonly record struct StoreFault(BlobStatus Status, bool IsDone = true, Task? Until = null)
{
    public static StoreFault None => new(BlobStatus.Ok);
}
