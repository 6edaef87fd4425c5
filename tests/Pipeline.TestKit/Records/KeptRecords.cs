using Pipeline.Replication.Records;

namespace Pipeline.TestKit.Records;

/// <summary>Records in memory: what several hosts share.</summary>
public sealed class KeptRecords : IRecords
{
    private readonly Dictionary<string, (string Tag, ReadOnlyMemory<byte> Value)> _kept = [];
    private int _writes;
    private bool _isBefore;

    /// <summary>No majority of stores answers.</summary>
    public bool IsAway { get; set; }

    /// <summary>Done before each write; what it writes itself is not told of.</summary>
    public Func<string, Task>? BeforeWrite { get; set; }

    /// <summary>Names that have a value.</summary>
    public IReadOnlyCollection<string> Names => _kept.Keys;

    public ValueTask<RecordOutcome> ReadAsync(string name, CancellationToken cancellationToken) =>
        new(IsAway ? new(RecordStatus.Unavailable, null, null) : Now(name, RecordStatus.Done));

    public async ValueTask<RecordOutcome> WriteAsync(
        string name, string? tag, ReadOnlyMemory<byte>? value, CancellationToken cancellationToken)
    {
        if (!_isBefore && BeforeWrite is { } before)
        {
            _isBefore = true;
            await before(name);
            _isBefore = false;
        }

        if (IsAway)
        {
            return new RecordOutcome(RecordStatus.Unavailable, null, null);
        }

        if (Now(name, RecordStatus.Done).Tag != tag)
        {
            return Now(name, RecordStatus.Conflict);
        }

        _kept.Remove(name);
        if (value is { } some)
        {
            _kept[name] = ($"{++_writes}", some);
        }

        return Now(name, RecordStatus.Done);
    }

    private RecordOutcome Now(string name, RecordStatus status) => _kept.TryGetValue(name, out var kept)
        ? new RecordOutcome(status, kept.Tag, kept.Value)
        : new RecordOutcome(status, null, null);
}
