using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>x LIKE pattern; see <see cref="LikePattern"/>.</summary>
internal sealed class LikeExpression(Expression operand, Expression pattern) : ConditionExpression
{
    public override Truth Test(scoped in Row row)
    {
        var value = operand.Evaluate(row);
        var wanted = pattern.Evaluate(row);
        if (value.IsNull || wanted.IsNull)
        {
            return Truth.Unknown;
        }

        if (value.Kind != ValueKind.Text || wanted.Kind != ValueKind.Text)
        {
            row.State.Fail($"{Evaluation.Quote(value)} LIKE {Evaluation.Quote(wanted)}: texts were expected");
            return Truth.Unknown;
        }

        return Of(LikePattern.Matches(value.Bytes, wanted.Bytes));
    }
}
