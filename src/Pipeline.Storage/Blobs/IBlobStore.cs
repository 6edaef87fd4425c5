using Pipeline.Kernel.Identity;

namespace Pipeline.Storage.Blobs;

/// <summary>
/// One store (a directory, a blob container), bound to one incarnation of it. The contract, which
/// <c>Pipeline.TestKit</c>'s suite tests on every implementation and decorator:
/// <list type="bullet">
/// <item>Every operation on a blob is linearizable, also between processes. Nothing is promised across blobs.</item>
/// <item>An <see cref="BlobStatus.Ok"/> write is durable: it survives kill -9 and loss of power.</item>
/// <item>Append blobs and put blobs are different kinds under different names; an append never creates a blob.</item>
/// <item>An append is whole or, after a crash, a torn tail; it never overwrites; it takes at least 32 MiB at
/// once.</item>
/// <item>An append of no bytes is Ok only at the end of the blob, and makes all that lies before it durable.</item>
/// <item>After a seal is Ok no append to that blob is ever Ok again; a seal creates a missing blob, sealed, empty;
/// sealing twice is Ok; a blob is read after its seal to see all that any Ok append wrote.</item>
/// <item>Expected outcomes are values; exceptions are bugs and cancellation. A cancelled write may have
/// happened.</item>
/// <item>The store never retries by itself; a decorator does.</item>
/// <item>Operations may be called from any thread; buffers passed in are not touched after the operation ended.</item>
/// </list>
/// </summary>
public interface IBlobStore
{
    /// <summary>The slot's configured name, for people ("1", "eastus").</summary>
    string Name { get; }

    /// <summary>
    /// The incarnation this is bound to: any other found there is <see cref="BlobStatus.StoreLost"/>.
    /// </summary>
    StoreId Id { get; }

    /// <summary>Reads a whole blob of either kind.</summary>
    ValueTask<BlobContent> GetAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Reads up to <paramref name="length"/> bytes from <paramref name="position"/>.</summary>
    ValueTask<BlobContent> GetRangeAsync(BlobName name, long position, int length, CancellationToken cancellationToken);

    /// <summary>Writes a whole put blob, atomically: readers see the old or the new contents.</summary>
    ValueTask<BlobOutcome> PutAsync(
        BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken);

    /// <summary>Creates an empty append blob; <see cref="BlobStatus.Conflict"/> where the name exists.</summary>
    ValueTask<BlobOutcome> CreateAppendBlobAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>
    /// Appends the concatenation of <paramref name="content"/> if the blob's length is <paramref name="position"/>.
    /// </summary>
    ValueTask<BlobOutcome> AppendAsync(
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken);

    /// <summary>Seals an append blob, creating it if need be; Ok carries the length.</summary>
    ValueTask<BlobOutcome> SealAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Deletes a blob of either kind; Ok also where there was none.</summary>
    ValueTask<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Lists the blobs whose names start with <paramref name="prefix"/>.</summary>
    ValueTask<BlobListing> ListAsync(string prefix, CancellationToken cancellationToken);
}
