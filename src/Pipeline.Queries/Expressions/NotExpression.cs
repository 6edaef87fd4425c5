using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>NOT a</summary>
internal sealed class NotExpression(Expression operand) : ConditionExpression
{
    protected override Truth Decide(scoped in Row row) => operand.Test(row) switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        _ => Truth.Unknown,
    };
}
