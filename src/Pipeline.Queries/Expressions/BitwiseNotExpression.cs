using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>~x: of a bit the other one, of a bigint all 64 bits.</summary>
internal sealed class BitwiseNotExpression(Expression operand) : Expression
{
    public override ValueKind? Kind => operand.Kind is ValueKind.Bit or ValueKind.Bigint ? operand.Kind : null;

    public override Value Evaluate(scoped in Row row)
    {
        var value = operand.Evaluate(row);
        return value.IsNull || !BitwiseExpression.TryWhole(value, row.State, out var bits) ? Value.Null
            : value.Kind == ValueKind.Bit ? Value.Of(bits == 0)
            : Value.Of(~bits);
    }
}
