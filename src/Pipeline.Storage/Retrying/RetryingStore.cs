using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Retrying;

/// <summary>
/// Repeats a request that ended as Unavailable, and only that, as it was. A repeated write may meet its own first
/// attempt, whose answer was lost: it then ends as Conflict or PositionMismatch, and whoever sent it must look.
/// </summary>
public sealed class RetryingStore(IBlobStore inner, RetryOptions options, Random draw, TimeProvider time) : IBlobStore
{
    private readonly Lock _gate = new();

    public string Name => inner.Name;

    public StoreId Id => inner.Id;

    public ValueTask<BlobContent> GetAsync(BlobName name, CancellationToken cancellationToken) => RunAsync(
        () => inner.GetAsync(name, cancellationToken), static content => content.Status, cancellationToken);

    public ValueTask<BlobContent> GetRangeAsync(
        BlobName name, long position, int length, CancellationToken cancellationToken) => RunAsync(
            () => inner.GetRangeAsync(name, position, length, cancellationToken),
            static content => content.Status,
            cancellationToken);

    public ValueTask<BlobOutcome> PutAsync(
        BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.PutAsync(name, content, condition, cancellationToken), cancellationToken);

    public ValueTask<BlobOutcome> CreateAppendBlobAsync(BlobName name, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.CreateAppendBlobAsync(name, cancellationToken), cancellationToken);

    public ValueTask<BlobOutcome> AppendAsync(
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken) =>
        WriteAsync(() => inner.AppendAsync(name, position, content, cancellationToken), cancellationToken);

    public ValueTask<BlobOutcome> SealAsync(BlobName name, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.SealAsync(name, cancellationToken), cancellationToken);

    public ValueTask<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.DeleteAsync(name, cancellationToken), cancellationToken);

    public ValueTask<BlobListing> ListAsync(string prefix, CancellationToken cancellationToken) => RunAsync(
        () => inner.ListAsync(prefix, cancellationToken), static listing => listing.Status, cancellationToken);

    private ValueTask<BlobOutcome> WriteAsync(
        Func<ValueTask<BlobOutcome>> operation, CancellationToken cancellationToken) =>
        RunAsync(operation, static outcome => outcome.Status, cancellationToken);

    private async ValueTask<T> RunAsync<T>(
        Func<ValueTask<T>> operation, Func<T, BlobStatus> status, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await operation();
            if (status(result) != BlobStatus.Unavailable || attempt >= options.Attempts)
            {
                return result;
            }

            await Task.Delay(Pause(attempt), time, cancellationToken);
        }
    }

    private TimeSpan Pause(int attempt)
    {
        var bound = Math.Min(options.Delay.Ticks << Math.Min(attempt - 1, 20), options.DelayMax.Ticks);
        lock (_gate)
        {
            return TimeSpan.FromTicks(1 + draw.NextInt64(bound));
        }
    }
}
