using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>CASE x WHEN value THEN … END; x is evaluated once, of the branches only the chosen one.</summary>
internal sealed class SimpleCaseExpression(
    Expression subject, (Expression When, Expression Then)[] branches, Expression otherwise) : Expression
{
    public override ValueKind? Kind => CaseExpression.KindOf(branches, otherwise);

    public override Value Evaluate(scoped in Row row)
    {
        var value = subject.Evaluate(row);
        foreach (var (when, then) in branches)
        {
            var equal = ComparisonExpression.Compare(
                ComparisonOperator.Equal, value, when.Evaluate(row), row.State);
            if (equal == Truth.True)
            {
                return then.Evaluate(row);
            }
        }

        return otherwise.Evaluate(row);
    }
}
