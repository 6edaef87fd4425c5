using Pipeline.Http.Access;
using Pipeline.Monitoring.Alerts;

namespace Pipeline.Http.Engine;

/// <summary>What the HTTP interface may use.</summary>
public sealed record PipelineHttpOptions
{
    /// <summary>Who may use it; everybody, where the host listens on loopback alone.</summary>
    public AccessOptions Access { get; init; } = AccessOptions.None;

    /// <summary>Which alerts there are, and who is told of them.</summary>
    public AlertOptions Alerts { get; init; } = AlertOptions.Default;

    /// <summary>
    /// Ports that answer health alone, to the platform's probes: however many connections the other ones have.
    /// </summary>
    public IReadOnlyCollection<int> HealthPorts { get; init; } = [];

    /// <summary>
    /// Memory for all requests with events: bodies, also those still being received, and the parts made of them. Beyond
    /// it, 429. A few times the largest request, and far below the memory the process may take. Half of it at most is
    /// for large bodies that have not come to their end.
    /// </summary>
    public long MaxBytesInMemory { get; init; } = 192L << 20;

    /// <summary>Memory for definitions and watermarks that are being received.</summary>
    public long MaxControlBytesInMemory { get; init; } = 32L << 20;

    /// <summary>
    /// Bytes of received bodies that wait for their acknowledgement. Beyond it, 429: they would only wait longer. At
    /// 100 MB/s this is 80 ms of work. One request counts for a quarter of it at most.
    /// </summary>
    public long MaxBytesInWork { get; init; } = 8L << 20;

    /// <summary>Bytes a connection may hold that were not read from it yet.</summary>
    public int MaxConnectionBufferBytes { get; init; } = 256 * 1024;

    /// <summary>
    /// Connections at a time. Beyond it one that is idle is closed for each that comes; where none is idle, a few more
    /// are taken for health and are told 503 for anything else.
    /// </summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>How long a client may take nothing of its answer before its connection is broken.</summary>
    public TimeSpan ReaderPatience { get; init; } = TimeSpan.FromSeconds(30);
}
