using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>x IS [NOT] NULL</summary>
internal sealed class IsNullExpression(Expression operand, bool not) : ConditionExpression
{
    public override Truth Test(scoped in Row row) => Of(operand.Evaluate(row).IsNull != not);
}
