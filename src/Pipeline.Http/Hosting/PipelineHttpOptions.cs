namespace Pipeline.Http.Hosting;

/// <summary>What the HTTP interface may use.</summary>
public sealed record PipelineHttpOptions
{
    /// <summary>
    /// Bytes of all requests in work: bodies and the parts made of them. Beyond it, 429. A few times the largest
    /// request, and far below the memory the process may take.
    /// </summary>
    public long MaxBytesInFlight { get; init; } = 192L << 20;

    /// <summary>Bytes a connection may hold that were not read from it yet.</summary>
    public int MaxConnectionBufferBytes { get; init; } = 256 * 1024;

    public int MaxConnections { get; init; } = 4096;
}
