using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>System.Timestamp(): the event's time, or the end of the window.</summary>
internal sealed class TimeExpression : Expression
{
    public override ValueKind? Kind => ValueKind.Datetime;

    public override Value Evaluate(scoped in Row row) => Value.OfTicks(row.Time);
}
