using Pipeline.Queries.Values;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Analytics;

/// <summary>
/// ISFIRST: which intervals had an event, each a group of its own with the interval's end as its time. Of an interval
/// that is over it is not known any more, and no event is its first.
/// </summary>
internal sealed class FirstStore(AnalyticTerm term) : AnalyticStore(term)
{
    private readonly WindowShape _shape = new(term.Duration, term.Duration, 0);
    private long _end;

    protected override int Values => 0;

    public override Value Result(scoped in Row row, long horizon) =>
        Value.Of(IsMatch && _end > horizon && Groups.Find(Key.Bytes) < 0 ? 1L : 0L);

    protected override void ReadKey(scoped in Row row)
    {
        _end = _shape.FirstEnd(row.Time);
        Key.Add(Value.OfTicks(_end));
    }

    protected override void Keep(long time, ReadOnlySpan<byte> data, long horizon)
    {
        if (_end > horizon && Groups.Find(Key.Bytes) < 0)
        {
            Groups.Insert(Groups.Open(Key.Bytes), 0, _end, data);
        }
    }
}
