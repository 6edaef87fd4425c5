using Azure.Storage.Blobs;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>
/// A store in an Azure Blob container: append blobs with append-position conditions, block blobs with ETags, all under
/// the incarnation's prefix. One request at a time each, never repeated by the SDK; see
/// docs/decisions/0006-azure-blob-store.md.
/// </summary>
public sealed class AzureBlobStore : IBlobStore
{
    private readonly ContainerBlobs _blobs;
    private readonly ContainerPresence _presence;
    private readonly AzureBlobOptions _options;
    private readonly TimeProvider _time;

    internal AzureBlobStore(
        string name, StoreId id, BlobContainerClient container, AzureBlobOptions options, TimeProvider time)
    {
        Name = name;
        Id = id;
        _options = options;
        _time = time;
        _blobs = new ContainerBlobs(container, $"{id}/");
        _presence = new ContainerPresence(new ContainerIdentity(container), id, time, options.IdentityFreshness);
    }

    public string Name { get; }

    public StoreId Id { get; }

    public ValueTask<BlobContent> GetAsync(BlobName name, CancellationToken cancellationToken) => RunAsync(
        token => _blobs.ReadAsync(name, 0, null, token), Failed, Status, cancellationToken);

    public ValueTask<BlobContent> GetRangeAsync(
        BlobName name, long position, int length, CancellationToken cancellationToken) => RunAsync(
            token => _blobs.ReadAsync(name, position, length, token), Failed, Status, cancellationToken);

    public ValueTask<BlobOutcome> PutAsync(
        BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        RunAsync(token => _blobs.PutAsync(name, content, condition, token), Refused, Status, cancellationToken);

    public ValueTask<BlobOutcome> CreateAppendBlobAsync(BlobName name, CancellationToken cancellationToken) =>
        RunAsync(token => _blobs.CreateAsync(name, token), Refused, Status, cancellationToken);

    public ValueTask<BlobOutcome> AppendAsync(
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken) => RunAsync(
            token => _blobs.AppendAsync(name, position, content, token),
            Refused,
            Status,
            cancellationToken,
            allowFresh: true);

    public ValueTask<BlobOutcome> SealAsync(BlobName name, CancellationToken cancellationToken) =>
        RunAsync(token => _blobs.SealAsync(name, token), Refused, Status, cancellationToken);

    public ValueTask<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken) =>
        RunAsync(token => _blobs.DeleteAsync(name, token), Refused, Status, cancellationToken);

    public ValueTask<BlobListing> ListAsync(string prefix, CancellationToken cancellationToken) => RunAsync(
        token => _blobs.ListAsync(prefix, token),
        static outcome => new BlobListing(outcome.Status, [], outcome.Detail),
        static listing => listing.Status,
        cancellationToken);

    private static BlobContent Failed(BlobOutcome outcome) => new(outcome.Status, Detail: outcome.Detail);

    private static BlobOutcome Refused(BlobOutcome outcome) => outcome;

    private static BlobStatus Status(BlobContent content) => content.Status;

    private static BlobStatus Status(BlobOutcome outcome) => outcome.Status;

    /// <summary>
    /// Runs the operation and looks for the identity beside it: what was done in another incarnation's container does
    /// not count, and a blob is only missing where the store is not.
    /// </summary>
    private async ValueTask<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> operation,
        Func<BlobOutcome, T> failed,
        Func<T, BlobStatus> status,
        CancellationToken cancellationToken,
        bool allowFresh = false)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_presence.Lost is { } lost)
        {
            return failed(new BlobOutcome(BlobStatus.StoreLost, Detail: lost));
        }

        using var limit = new RequestLimit(_time, _options.TransferTimeout, cancellationToken);
        var checking = _presence.CheckAsync(allowFresh, limit.Token);
        var result = await GuardedAsync(() => operation(limit.Token), failed, cancellationToken).ConfigureAwait(false);
        if (status(result) is BlobStatus.NotFound or BlobStatus.StoreLost)
        {
            // The container may have gone after the check began.
            await GuardedAsync(() => checking, static outcome => outcome, cancellationToken).ConfigureAwait(false);
            checking = _presence.CheckAsync(allowFresh: false, limit.Token);
        }

        var absent = await GuardedAsync(() => checking, static outcome => outcome, cancellationToken)
            .ConfigureAwait(false);
        return absent is { } outcome ? failed(outcome) : result;
    }

    private static async Task<T> GuardedAsync<T>(
        Func<Task<T>> operation, Func<BlobOutcome, T> failed, CancellationToken cancellationToken)
    {
        try
        {
            return await operation().ConfigureAwait(false);
        }
        catch (Exception fault) when (AzureFailure.IsExpected(fault, cancellationToken))
        {
            return failed(new BlobOutcome(AzureFailure.Grade(fault), Detail: fault.Message));
        }
    }
}
