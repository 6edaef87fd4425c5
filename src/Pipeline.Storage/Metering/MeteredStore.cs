using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Metering;

/// <summary>Measures every operation of a store.</summary>
public sealed class MeteredStore(IBlobStore inner, StoreMeter meter, TimeProvider time) : IBlobStore
{
    public string Name => inner.Name;

    public StoreId Id => inner.Id;

    public ValueTask<BlobContent> GetAsync(BlobName name, CancellationToken cancellationToken) =>
        ReadAsync("get", inner.GetAsync(name, cancellationToken));

    public ValueTask<BlobContent> GetRangeAsync(
        BlobName name, long position, int length, CancellationToken cancellationToken) =>
        ReadAsync("get-range", inner.GetRangeAsync(name, position, length, cancellationToken));

    public ValueTask<BlobOutcome> PutAsync(
        BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        WriteAsync("put", content.Length, inner.PutAsync(name, content, condition, cancellationToken));

    public ValueTask<BlobOutcome> CreateAppendBlobAsync(BlobName name, CancellationToken cancellationToken) =>
        WriteAsync("create", 0, inner.CreateAppendBlobAsync(name, cancellationToken));

    public ValueTask<BlobOutcome> AppendAsync(
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken) =>
        WriteAsync("append", LengthOf(content), inner.AppendAsync(name, position, content, cancellationToken));

    public ValueTask<BlobOutcome> SealAsync(BlobName name, CancellationToken cancellationToken) =>
        WriteAsync("seal", 0, inner.SealAsync(name, cancellationToken));

    public ValueTask<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken) =>
        WriteAsync("delete", 0, inner.DeleteAsync(name, cancellationToken));

    public async ValueTask<BlobListing> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var listing = await inner.ListAsync(prefix, cancellationToken);
        meter.Record(Name, "list", listing.Status, time.GetElapsedTime(started), 0);
        return listing;
    }

    private async ValueTask<BlobContent> ReadAsync(string operation, ValueTask<BlobContent> reading)
    {
        var started = time.GetTimestamp();
        var content = await reading;
        meter.Record(Name, operation, content.Status, time.GetElapsedTime(started), content.Bytes.Length);
        return content;
    }

    private async ValueTask<BlobOutcome> WriteAsync(string operation, long bytes, ValueTask<BlobOutcome> writing)
    {
        var started = time.GetTimestamp();
        var outcome = await writing;
        meter.Record(Name, operation, outcome.Status, time.GetElapsedTime(started), outcome.IsOk ? bytes : 0);
        return outcome;
    }

    private static long LengthOf(IReadOnlyList<ReadOnlyMemory<byte>> content)
    {
        var length = 0L;
        for (var i = 0; i < content.Count; i++)
        {
            length += content[i].Length;
        }

        return length;
    }
}
