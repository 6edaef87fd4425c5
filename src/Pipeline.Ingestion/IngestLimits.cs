namespace Pipeline.Ingestion;

/// <summary>What one request may hold; bytes are counted after decompression.</summary>
public sealed record IngestLimits
{
    public static IngestLimits Default { get; } = new();

    /// <summary>Largest value of one event, in bytes.</summary>
    public int MaxEventBytes { get; init; } = 1 << 20;

    /// <summary>Largest body, in bytes.</summary>
    public int MaxRequestBytes { get; init; } = 32 << 20;

    /// <summary>Most events in a request: a body of tiny events must not cost many times its bytes.</summary>
    public int MaxRequestEvents { get; init; } = 1_000_000;

    /// <summary>Mistakes named in one answer; the rest is not looked for.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Longest Idempotency-Key, Producer-Id or CloudEvents source or id, in bytes.</summary>
    public int MaxHandleBytes { get; init; } = 1024;
}
