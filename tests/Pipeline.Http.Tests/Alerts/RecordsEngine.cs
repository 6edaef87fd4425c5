using Pipeline.Backups.Service;
using Pipeline.Replication.Records;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Tests.Alerts;

/// <summary>An engine that has records and nothing else.</summary>
internal sealed class RecordsEngine(IRecords records) : IEngine
{
    public EngineState State => EngineState.Running;

    public EngineHealth Health => throw new NotSupportedException();

    public IStreams Streams => throw new NotSupportedException();

    public IPipelines Pipelines => throw new NotSupportedException();

    public IRecords Records => records;

    public IBackups Backups => throw new NotSupportedException();

    public ValueTask RefreshAsync(EngineQuestion about, CancellationToken cancellationToken) => default;
}
