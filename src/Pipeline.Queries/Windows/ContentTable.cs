using Pipeline.Kernel.Stages;
using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Keeping;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Windows;

/// <summary>
/// Packs what is kept of an event (its group, where that is not the partition's, its record key, its arguments), and
/// makes the results of a window out of the events in it.
/// </summary>
internal sealed class ContentTable(WindowPlan plan)
{
    private readonly bool _hasGroup = plan.Content!.PartitionBy is not null;
    private readonly KeptValues _kept = new();
    private readonly WindowResults _results = new(plan);
    private readonly Dictionary<int, string> _refusals = [];
    private readonly AggregateColumn[] _fresh = plan.CreateTable().Columns;
    private WindowTable _table = plan.CreateTable();

    /// <summary>How many values are kept of an event.</summary>
    public int ValuesAnEvent { get; } =
        plan.Aggregates.Count(a => a.Argument is not null) + (plan.Content!.PartitionBy is null ? 1 : 2);

    /// <summary>Whether an aggregate takes the event in no window; the reason is noted.</summary>
    public bool Refuses(EventValues values, Evaluation state)
    {
        for (var i = 0; i < _fresh.Length; i++)
        {
            var argument = values.Arguments[i];
            if (_fresh[i].MayRefuse && argument.Kind != ValueKind.Null
                && _fresh[i].Refusal(-1, state.Scratch.View(argument)) is { } reason)
            {
                state.Fail(reason);
                return true;
            }
        }

        return false;
    }

    public ReadOnlySpan<byte> Pack(EventValues values, ReadOnlySpan<byte> recordKey, Evaluation state)
    {
        _kept.Clear();
        if (_hasGroup)
        {
            _kept.Add(Value.OfText(values.Key));
        }

        _kept.Add(Value.OfText(recordKey));
        for (var i = 0; i < plan.Aggregates.Length; i++)
        {
            if (plan.Aggregates[i].Argument is not null)
            {
                _kept.Add(state.Scratch.View(values.Arguments[i]));
            }
        }

        return _kept.Written;
    }

    public void Close(ReadOnlySpan<byte> partition, KeptEvents events, ContentWindow window, IOperatorOutput output)
    {
        if (_table.Groups.IsOversized)
        {
            _table = plan.CreateTable();
        }

        _table.Clear();
        _table.End = window.End;
        _refusals.Clear();
        for (var i = window.From; i < window.To; i++)
        {
            var data = events.Data(i);
            var key = _hasGroup ? KeptValues.Take(ref data).Bytes : partition;
            Add(key, KeptValues.Take(ref data).Bytes, data);
        }

        _results.Close(_table, output, _refusals);
    }

    private void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> recordKey, ReadOnlySpan<byte> arguments)
    {
        var hash = ByteHash.Of(key);
        var group = _table.Groups.Find(key, hash);
        group = group < 0 ? _table.Open(key, hash, recordKey) : group;
        for (var i = 0; i < plan.Aggregates.Length; i++)
        {
            var column = _table.Columns[i];
            if (plan.Aggregates[i].Argument is null)
            {
                column.Add(group, default);
                continue;
            }

            var value = KeptValues.Take(ref arguments);
            if (value.Kind == ValueKind.Null)
            {
                continue;
            }

            if (column.MayRefuse && column.Refusal(group, value) is { } reason)
            {
                _refusals.TryAdd(group, reason);
            }
            else
            {
                column.Add(group, value);
            }
        }
    }
}
