using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Keeping;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Analytics;

/// <summary>
/// An aggregate over the duration up to the event at hand, which counts too: of those seen so far the events whose
/// times are in it, by their times, so that a float's sum depends on nothing else.
/// </summary>
internal sealed class RangeStore(AnalyticTerm term) : AnalyticStore(term)
{
    public const int MostEvents = 10_000;

    private readonly AggregateColumn _column = term.Aggregate!.CreateColumn();

    protected override int Values => Term.Argument is null ? 0 : 1;

    public override Value Result(scoped in Row row, long horizon)
    {
        _column.Clear();
        _column.Open(0);
        if (Groups.Find(Key.Bytes) is var group and >= 0)
        {
            var events = Groups[group];
            var end = events.PlaceOf(row.Time);
            var first = events.PlaceOf(Math.Max(horizon, row.Time - Term.Duration));
            if (end - first >= MostEvents)
            {
                row.State.Fail($"{Term.Name} OVER looks at {MostEvents} events of a group at most: shorten its "
                    + "duration, or partition by more");
                return Value.Null;
            }

            for (var i = first; i < end; i++)
            {
                var data = events.Data(i);
                Add(Values > 0 ? KeptValues.Take(ref data) : default, row.State);
            }
        }

        if (IsCounted)
        {
            Add(row.State.Scratch.View(Argument), row.State);
        }

        return row.State.Error is null ? _column.Result(0, row.State) : Value.Null;
    }

    protected override void Keep(long time, ReadOnlySpan<byte> data, long horizon)
    {
        if (!IsCounted)
        {
            return;
        }

        var group = Groups.Open(Key.Bytes);
        Groups.Insert(group, Groups[group].PlaceOf(time), time, data);
        Groups.RemoveFirst(group, Groups[group].PlaceOf(horizon));
    }

    /// <summary>NULLs are left out.</summary>
    private bool IsCounted => IsMatch && (Term.Argument is null || Argument.Kind != ValueKind.Null);

    private void Add(in Value value, Evaluation state)
    {
        if (_column.MayRefuse && _column.Refusal(0, value) is { } reason)
        {
            state.Fail(reason);
        }
        else
        {
            _column.Add(0, value);
        }
    }
}
