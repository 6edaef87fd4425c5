using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>An aggregate's value in a window's result.</summary>
internal sealed class AggregateExpression(int index, Aggregate aggregate) : Expression
{
    public override ValueKind? Kind => aggregate.Result;

    public override Value Evaluate(scoped in Row row) => row.Window!.Columns[index].Result(row.Group, row.State);
}
