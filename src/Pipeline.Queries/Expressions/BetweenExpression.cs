using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>x BETWEEN low AND high; both ends belong to it.</summary>
internal sealed class BetweenExpression(Expression operand, Expression low, Expression high) : ConditionExpression
{
    protected override Truth Decide(scoped in Row row)
    {
        var value = operand.Evaluate(row);
        var above = ComparisonExpression.Compare(
            ComparisonOperator.GreaterOrEqual, value, low.Evaluate(row), row.State);
        if (above == Truth.False)
        {
            return above;
        }

        var below = ComparisonExpression.Compare(
            ComparisonOperator.LessOrEqual, value, high.Evaluate(row), row.State);
        return below == Truth.True ? above : below;
    }
}
