using Pipeline.Queries.Keeping;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Analytics;

/// <summary>LAG and LAST: of each group as many events as they look back, in the order of the log.</summary>
internal sealed class LagStore(AnalyticTerm term) : AnalyticStore(term)
{
    protected override int Values => 1;

    public override Value Result(scoped in Row row, long horizon)
    {
        if (Term.Kind == AnalyticKind.Last && IsMatch)
        {
            return row.State.Scratch.View(Argument);
        }

        var group = Groups.Find(Key.Bytes);
        var index = group < 0 ? -1 : Groups[group].Count - Term.Offset;
        if (index >= 0 && Groups[group].Time(index) > Math.Max(horizon, row.Time - Term.Duration))
        {
            var data = Groups[group].Data(index);
            return KeptValues.Take(ref data);
        }

        return Term.Default is { } value ? value.Evaluate(row) : Value.Null;
    }

    protected override void Keep(long time, ReadOnlySpan<byte> data, long horizon)
    {
        var group = Groups.Open(Key.Bytes);
        Groups.Insert(group, Groups[group].Count, time, data);
        Groups.RemoveFirst(group, Math.Max(0, Groups[group].Count - Term.Offset));
    }
}
