using Pipeline.Backups.Service;
using Pipeline.Replication.Records;
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

    /// <summary>Small values that all processes of the service share; while <see cref="State"/> is Running.</summary>
    IRecords Records { get; }

    /// <summary>The backups; while <see cref="State"/> is Running.</summary>
    IBackups Backups { get; }

    /// <summary>
    /// Brings up to date what a request is about, where it lives in other processes. What does not answer keeps its
    /// last snapshot.
    /// </summary>
    ValueTask RefreshAsync(EngineQuestion about, CancellationToken cancellationToken);
}
