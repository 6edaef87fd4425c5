using Pipeline.Queries.Analytics;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>The value of a call that looks at earlier events.</summary>
internal sealed class AnalyticExpression(int index, AnalyticTerm term) : Expression
{
    public override ValueKind? Kind => term.Result;

    public override Value Evaluate(scoped in Row row) => row.State.Scratch.View(row.Analytics[index]);
}
