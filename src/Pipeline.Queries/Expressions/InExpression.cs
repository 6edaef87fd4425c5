using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>x IN (a, b, …): true at the first equal item, unknown where none is equal and one is NULL.</summary>
internal sealed class InExpression(Expression operand, Expression[] items) : ConditionExpression
{
    protected override Truth Decide(scoped in Row row)
    {
        var value = operand.Evaluate(row);
        var result = Truth.False;
        foreach (var item in items)
        {
            switch (ComparisonExpression.Compare(ComparisonOperator.Equal, value, item.Evaluate(row), row.State))
            {
                case Truth.True:
                    return Truth.True;
                case Truth.Unknown:
                    result = Truth.Unknown;
                    break;
                default:
                    break;
            }
        }

        return result;
    }
}
