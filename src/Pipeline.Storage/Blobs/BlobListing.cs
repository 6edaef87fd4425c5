using Pipeline.Kernel.Identity;

namespace Pipeline.Storage.Blobs;

/// <summary>The outcome of a listing: names in ordinal order.</summary>
public readonly record struct BlobListing(BlobStatus Status, IReadOnlyList<BlobListItem> Items, string? Detail = null)
{
    public bool IsOk => Status == BlobStatus.Ok;
}

/// <summary>One blob of a listing; length in bytes.</summary>
public readonly record struct BlobListItem(BlobName Name, long Length);
