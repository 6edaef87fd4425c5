namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>Settings of a store in a blob container.</summary>
public sealed record AzureBlobOptions
{
    /// <summary>How long one request may take before its outcome counts as unknown.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same for whole large blobs.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// An append need not look for the container's identity when that was seen so recently; other writes look each
    /// time, beside the write.
    /// </summary>
    public TimeSpan IdentityFreshness { get; init; } = TimeSpan.FromSeconds(1);
}
