using Pipeline.Http.Access;

namespace Pipeline.Http.Hosting;

/// <summary>What the HTTP interface may use.</summary>
public sealed record PipelineHttpOptions
{
    /// <summary>Who may use it; everybody, where the host listens on loopback alone.</summary>
    public AccessOptions Access { get; init; } = AccessOptions.None;

    /// <summary>
    /// Memory for all requests: bodies, also those still being received, and the parts made of them. Beyond it, 429.
    /// A few times the largest request, and far below the memory the process may take.
    /// </summary>
    public long MaxBytesInMemory { get; init; } = 192L << 20;

    /// <summary>
    /// Bytes of received bodies that wait for their acknowledgement. Beyond it, 429: they would only wait longer. At
    /// 100 MB/s this is 80 ms of work. One request counts for a quarter of it at most.
    /// </summary>
    public long MaxBytesInWork { get; init; } = 8L << 20;

    /// <summary>Bytes a connection may hold that were not read from it yet.</summary>
    public int MaxConnectionBufferBytes { get; init; } = 256 * 1024;

    public int MaxConnections { get; init; } = 4096;
}
