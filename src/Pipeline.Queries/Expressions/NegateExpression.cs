using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>-x</summary>
internal sealed class NegateExpression(Expression operand) : Expression
{
    public override ValueKind? Kind => operand.Kind;

    public override Value Evaluate(scoped in Row row)
    {
        var value = operand.Evaluate(row);
        return value.Kind switch
        {
            ValueKind.Null => value,
            ValueKind.Float => Value.Of(-value.Double),
            ValueKind.Bigint when value.Bits != long.MinValue => Value.Of(-value.Bits),
            ValueKind.Bigint => row.State.Fail($"-({value.Bits}): the result does not fit bigint"),
            _ => row.State.Fail($"-{Evaluation.Quote(value)}: a number was expected, not {KindName.Of(value.Kind)}"),
        };
    }
}
