namespace Pipeline.Storage.Blobs;

/// <summary>The outcome of a read.</summary>
/// <param name="Status">Ok, NotFound, Unavailable or StoreLost.</param>
/// <param name="Bytes">The bytes asked for; fewer where the blob ends earlier.</param>
/// <param name="ETag">The version read (put blobs only).</param>
/// <param name="Length">The whole blob's length in bytes.</param>
/// <param name="IsSealed">Whether the blob was sealed before these bytes were read.</param>
/// <param name="Detail">For people: what went wrong.</param>
public readonly record struct BlobContent(
    BlobStatus Status,
    ReadOnlyMemory<byte> Bytes = default,
    ETag ETag = default,
    long Length = -1,
    bool IsSealed = false,
    string? Detail = null)
{
    public bool IsOk => Status == BlobStatus.Ok;

    /// <summary>
    /// The store's own checksum over a put blob does not hold: the bytes are given as they lie there, for whoever has
    /// checksums of their own, and the version allows to replace them.
    /// </summary>
    public bool IsDamaged { get; init; }
}
