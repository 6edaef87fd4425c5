using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>a OR b; b is not looked at where a is true.</summary>
internal sealed class OrExpression(Expression left, Expression right) : ConditionExpression
{
    protected override Truth Decide(scoped in Row row)
    {
        var a = left.Test(row);
        if (a == Truth.True)
        {
            return a;
        }

        var b = right.Test(row);
        return b == Truth.False ? a : b;
    }
}
