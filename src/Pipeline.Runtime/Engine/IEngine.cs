using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Runtime.Engine;

/// <summary>
/// What the HTTP interface talks to: the engine of this process, or a cluster. Safe to use from any thread.
/// </summary>
public interface IEngine
{
    /// <summary>What it is doing; cheap, for every request.</summary>
    EngineState State { get; }

    EngineHealth Health { get; }

    /// <summary>The streams; while <see cref="State"/> is Running.</summary>
    IStreams Streams { get; }

    /// <summary>The pipelines; while <see cref="State"/> is Running.</summary>
    IPipelines Pipelines { get; }

    /// <summary>
    /// Brings snapshots up to date that live in other processes: streams and pipelines, and the partitions of
    /// <paramref name="stream"/>. What does not answer keeps its last snapshot.
    /// </summary>
    ValueTask RefreshAsync(StreamName? stream, CancellationToken cancellationToken);
}
