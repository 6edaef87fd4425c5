namespace Pipeline.Storage.Blobs;

/// <summary>What must hold for a put: the blob is absent, or has just this version.</summary>
public readonly record struct PutCondition
{
    private PutCondition(ETag? match) => Match = match;

    /// <summary>The version to replace; null: the blob must not exist.</summary>
    public ETag? Match { get; }

    /// <summary>If-None-Match: *.</summary>
    public static PutCondition IfAbsent => default;

    /// <summary>
    /// If-Match. On a missing blob this is a <see cref="BlobStatus.Conflict"/>, whatever the emulator says.
    /// </summary>
    public static PutCondition IfMatch(ETag etag) => new(etag);
}
