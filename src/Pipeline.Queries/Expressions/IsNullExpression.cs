using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>x IS [NOT] NULL</summary>
internal sealed class IsNullExpression(Expression operand, bool not) : ConditionExpression
{
    protected override Truth Decide(scoped in Row row) => Of(operand.Evaluate(row).IsNull != not);
}
