namespace Pipeline.Storage.Blobs;

/// <summary>The outcome of a write, seal or delete.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="ETag">The blob's new version; only after a put that is Ok.</param>
/// <param name="Length">The blob's length in bytes after an append or seal that is Ok, or on a position
/// mismatch.</param>
/// <param name="Detail">For people: what went wrong.</param>
public readonly record struct BlobOutcome(
    BlobStatus Status, ETag ETag = default, long Length = -1, string? Detail = null)
{
    public bool IsOk => Status == BlobStatus.Ok;
}
