using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>a AND b; b is not looked at where a is false.</summary>
internal sealed class AndExpression(Expression left, Expression right) : ConditionExpression
{
    protected override Truth Decide(scoped in Row row)
    {
        var a = left.Test(row);
        if (a == Truth.False)
        {
            return a;
        }

        var b = right.Test(row);
        return b == Truth.True ? a : b;
    }
}
