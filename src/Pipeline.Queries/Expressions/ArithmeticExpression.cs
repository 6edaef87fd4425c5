using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>
/// + - * / %: two bigints exactly (overflow and division by zero are errors, division cuts towards zero), else as
/// doubles, whose result must be finite; + joins two texts. Beside a number a bit is 1 or 0, and a text the number it
/// shows.
/// </summary>
internal sealed class ArithmeticExpression(char sign, Expression left, Expression right) : Expression
{
    public override ValueKind? Kind => (left.Kind, right.Kind) switch
    {
        (ValueKind.Bigint, ValueKind.Bigint) => ValueKind.Bigint,
        (ValueKind.Text, ValueKind.Text) => ValueKind.Text,
        (ValueKind.Float, _) or (_, ValueKind.Float) => ValueKind.Float,
        _ => null,
    };

    public override Value Evaluate(scoped in Row row)
    {
        var a = left.Evaluate(row);
        var b = right.Evaluate(row);
        if (a.IsNull || b.IsNull)
        {
            return Value.Null;
        }

        if (a.Kind == ValueKind.Bigint && b.Kind == ValueKind.Bigint)
        {
            return Whole(a.Bits, b.Bits, row.State);
        }

        if (a.IsNumber && b.IsNumber)
        {
            return Real(a.Double, b.Double, row.State);
        }

        return sign == '+' && a.Kind == ValueKind.Text && b.Kind == ValueKind.Text
            ? Join(a.Bytes, b.Bytes, row.State)
            : Mixed(a, b, row.State);
    }

    private Value Mixed(Value a, Value b, Evaluation state)
    {
        if ((!a.IsNumber && !b.IsNumber)
            || !ImplicitConversion.TryBesideNumber(a, state.IsStrict, out var left)
            || !ImplicitConversion.TryBesideNumber(b, state.IsStrict, out var right))
        {
            return state.Fail($"{Evaluation.Quote(a)} {sign} {Evaluation.Quote(b)}: "
                + $"numbers were expected, not {KindName.Of(a.Kind)} and {KindName.Of(b.Kind)}");
        }

        return left.Kind == ValueKind.Bigint && right.Kind == ValueKind.Bigint
            ? Whole(left.Bits, right.Bits, state)
            : Real(left.Double, right.Double, state);
    }

    private Value Whole(long a, long b, Evaluation state)
    {
        long result = 0;
        bool fits;
        switch (sign)
        {
            case '+':
                result = unchecked(a + b);
                fits = ((a ^ result) & (b ^ result)) >= 0;
                break;
            case '-':
                result = unchecked(a - b);
                fits = ((a ^ b) & (a ^ result)) >= 0;
                break;
            case '*':
                var high = Math.BigMul(a, b, out result);
                fits = high == result >> 63;
                break;
            default:
                if (b == 0)
                {
                    return state.Fail($"{a} {sign} 0: division by zero");
                }

                fits = !(a == long.MinValue && b == -1 && sign == '/');
                result = b == -1 ? unchecked(sign == '/' ? -a : 0) : sign == '/' ? a / b : a % b;
                break;
        }

        return fits ? Value.Of(result) : state.Fail($"{a} {sign} {b}: the result does not fit bigint");
    }

    private Value Real(double a, double b, Evaluation state)
    {
        var result = sign switch
        {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            '/' => a / b,
            _ => a % b,
        };
        return double.IsFinite(result)
            ? Value.Of(result)
            : state.Fail(FormattableString.Invariant($"{a} {sign} {b}: the result is not a finite number"));
    }

    private static Value Join(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Evaluation state)
    {
        if (!state.TryTake((long)a.Length + b.Length, "+", out var joined))
        {
            return Value.Null;
        }

        a.CopyTo(joined);
        b.CopyTo(joined[a.Length..]);
        return Value.OfText(joined);
    }
}
