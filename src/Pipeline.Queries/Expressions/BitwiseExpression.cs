using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>&amp; | ^ of bits and bigints; two bits give a bit.</summary>
internal sealed class BitwiseExpression(char sign, Expression left, Expression right) : Expression
{
    public override ValueKind? Kind => (left.Kind, right.Kind) switch
    {
        (ValueKind.Bit, ValueKind.Bit) => ValueKind.Bit,
        (ValueKind.Bigint, _) or (_, ValueKind.Bigint) => ValueKind.Bigint,
        _ => null,
    };

    public override Value Evaluate(scoped in Row row)
    {
        var a = left.Evaluate(row);
        var b = right.Evaluate(row);
        if (a.IsNull || b.IsNull || !TryWhole(a, row.State, out var x) || !TryWhole(b, row.State, out var y))
        {
            return Value.Null;
        }

        var bits = sign switch { '&' => x & y, '|' => x | y, _ => x ^ y };
        return a.Kind == ValueKind.Bit && b.Kind == ValueKind.Bit ? Value.Of(bits != 0) : Value.Of(bits);
    }

    /// <summary>The bits of an operand that is not NULL; false, and an error, where it is no whole number.</summary>
    public static bool TryWhole(in Value value, Evaluation state, out long bits)
    {
        bits = value.Bits;
        if (value.Kind is ValueKind.Bit or ValueKind.Bigint)
        {
            return true;
        }

        if (value.Kind == ValueKind.Text && !state.IsStrict
            && ImplicitConversion.TryNumber(value.Bytes, out var shown) && shown.Kind == ValueKind.Bigint)
        {
            bits = shown.Bits;
            return true;
        }

        state.Fail($"bit or bigint was expected, {Evaluation.Quote(value)} is {KindName.Of(value.Kind)}");
        return false;
    }
}
