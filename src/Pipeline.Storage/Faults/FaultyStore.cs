using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Faults;

/// <summary>
/// A store whose requests are late, are lost, or lose their answers, as a <see cref="FaultPlan"/> has it.
/// </summary>
public sealed class FaultyStore(IBlobStore inner, FaultPlan plan, TimeProvider time) : IBlobStore
{
    private const string Injected = "injected fault";

    public string Name => inner.Name;

    public StoreId Id => inner.Id;

    public ValueTask<BlobContent> GetAsync(BlobName name, CancellationToken cancellationToken) => RunAsync(
        () => inner.GetAsync(name, cancellationToken),
        static () => new BlobContent(BlobStatus.Unavailable, Detail: Injected),
        cancellationToken);

    public ValueTask<BlobContent> GetRangeAsync(
        BlobName name, long position, int length, CancellationToken cancellationToken) => RunAsync(
            () => inner.GetRangeAsync(name, position, length, cancellationToken),
            static () => new BlobContent(BlobStatus.Unavailable, Detail: Injected),
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
        () => inner.ListAsync(prefix, cancellationToken),
        static () => new BlobListing(BlobStatus.Unavailable, [], Injected),
        cancellationToken);

    private ValueTask<BlobOutcome> WriteAsync(
        Func<ValueTask<BlobOutcome>> operation, CancellationToken cancellationToken) => RunAsync(
            operation,
            static () => new BlobOutcome(BlobStatus.Unavailable, Detail: Injected),
            cancellationToken);

    private async ValueTask<T> RunAsync<T>(
        Func<ValueTask<T>> operation, Func<T> unavailable, CancellationToken cancellationToken)
    {
        await plan.Thawed.WaitAsync(cancellationToken);
        if (plan.DrawDelay() is { Ticks: > 0 } delay)
        {
            await Task.Delay(delay, time, cancellationToken);
        }

        if (plan.Draws(plan.Failed))
        {
            return unavailable();
        }

        var result = await operation();
        return plan.Draws(plan.LostAnswers) ? unavailable() : result;
    }
}
