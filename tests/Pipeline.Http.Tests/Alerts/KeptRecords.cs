using Pipeline.Replication.Records;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Tests.Alerts;

/// <summary>Records in memory, and an engine that has nothing else: what several hosts share.</summary>
internal sealed class KeptRecords : IRecords, IEngine
{
    private readonly Dictionary<string, (string Tag, ReadOnlyMemory<byte> Value)> _kept = [];
    private int _writes;

    /// <summary>No majority of stores answers.</summary>
    public bool IsAway { get; set; }

    public EngineState State => EngineState.Running;

    public EngineHealth Health => throw new NotSupportedException();

    public IStreams Streams => throw new NotSupportedException();

    public IPipelines Pipelines => throw new NotSupportedException();

    public IRecords Records => this;

    public ValueTask RefreshAsync(EngineQuestion about, CancellationToken cancellationToken) => default;

    public ValueTask<RecordOutcome> ReadAsync(string name, CancellationToken cancellationToken) =>
        new(IsAway ? new(RecordStatus.Unavailable, null, null) : Now(name, RecordStatus.Done));

    public ValueTask<RecordOutcome> WriteAsync(
        string name, string? tag, ReadOnlyMemory<byte>? value, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            return new(new RecordOutcome(RecordStatus.Unavailable, null, null));
        }

        if (Now(name, RecordStatus.Done).Tag != tag)
        {
            return new(Now(name, RecordStatus.Conflict));
        }

        _kept.Remove(name);
        if (value is { } some)
        {
            _kept[name] = ($"{++_writes}", some);
        }

        return new(Now(name, RecordStatus.Done));
    }

    private RecordOutcome Now(string name, RecordStatus status) => _kept.TryGetValue(name, out var kept)
        ? new RecordOutcome(status, kept.Tag, kept.Value)
        : new RecordOutcome(status, null, null);
}
