using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Runtime.Tests.Partitions;

/// <summary>Lets a test decide, for each call on a store, whether it happens and what it answers.</summary>
internal sealed class FaultyStore(IBlobStore store, Func<string, StoreFault> decide) : IBlobStore
{
    public string Name => store.Name;

    public StoreId Id => store.Id;

    public ValueTask<BlobContent> GetAsync(BlobName name, CancellationToken cancellationToken) => AroundAsync(
        "get", () => store.GetAsync(name, cancellationToken), status => new BlobContent(status));

    public ValueTask<BlobContent> GetRangeAsync(
        BlobName name, long position, int length, CancellationToken cancellationToken) => AroundAsync(
        "range",
        () => store.GetRangeAsync(name, position, length, cancellationToken),
        status => new BlobContent(status));

    public ValueTask<BlobOutcome> PutAsync(
        BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        AroundAsync("put", () => store.PutAsync(name, content, condition, cancellationToken), Outcome);

    public ValueTask<BlobOutcome> CreateAppendBlobAsync(BlobName name, CancellationToken cancellationToken) =>
        AroundAsync("create", () => store.CreateAppendBlobAsync(name, cancellationToken), Outcome);

    public ValueTask<BlobOutcome> AppendAsync(
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken) =>
        AroundAsync("append", () => store.AppendAsync(name, position, content, cancellationToken), Outcome);

    public ValueTask<BlobOutcome> SealAsync(BlobName name, CancellationToken cancellationToken) =>
        AroundAsync("seal", () => store.SealAsync(name, cancellationToken), Outcome);

    public ValueTask<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken) =>
        AroundAsync("delete", () => store.DeleteAsync(name, cancellationToken), Outcome);

    public ValueTask<BlobListing> ListAsync(string prefix, CancellationToken cancellationToken) => AroundAsync(
        "list", () => store.ListAsync(prefix, cancellationToken), status => new BlobListing(status, []));

    private static BlobOutcome Outcome(BlobStatus status) => new(status);

    private async ValueTask<T> AroundAsync<T>(string operation, Func<ValueTask<T>> call, Func<BlobStatus, T> answer)
    {
        var fault = decide(operation);
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
internal readonly record struct StoreFault(BlobStatus Status, bool IsDone = true, Task? Until = null)
{
    public static StoreFault None => new(BlobStatus.Ok);
}
