using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>CAST and TRY_CAST; what TRY_CAST cannot convert is NULL.</summary>
internal sealed class CastExpression(Expression operand, ValueKind to, bool isTry) : Expression
{
    public override ValueKind? Kind => to;

    public override Value Evaluate(scoped in Row row)
    {
        var value = operand.Evaluate(row);
        if (value.IsNull || value.Kind == to)
        {
            return value;
        }

        if (Conversion.TryConvert(value, to, row.State.Scratch, out var result))
        {
            return result;
        }

        return isTry
            ? Value.Null
            : row.State.Fail($"CAST of {Evaluation.Quote(value)} ({KindName.Of(value.Kind)}) to {KindName.Of(to)}");
    }
}
