using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;
using static Pipeline.Queries.Functions.ParameterKind;

namespace Pipeline.Queries.Functions;

/// <summary>Functions of numbers; ABS, CEILING, FLOOR, ROUND and SIGN of a bigint are bigints.</summary>
internal static class MathFunctions
{
    public static ScalarFunction[] All { get; } =
    [
        new("ABS", [Number], 1, null, Abs),
        Keep("CEILING", Math.Ceiling),
        Keep("FLOOR", Math.Floor),
        new("ROUND", [Number, Bigint], 2, null, Round),
        new("SIGN", [Number], 1, null, Sign),
        Real("SQRT", Math.Sqrt),
        new("SQUARE", [Number], 1, ValueKind.Float, Square),
        new("POWER", [Number, Number], 2, null, Power),
        Real("EXP", Math.Exp),
        new("LOG", [Number, Number], 1, ValueKind.Float, Log),
        Real("LOG10", Math.Log10),
        Real("SIN", Math.Sin),
        Real("COS", Math.Cos),
        Real("TAN", Math.Tan),
        Real("ASIN", Math.Asin),
        Real("ACOS", Math.Acos),
        Real("ATAN", Math.Atan),
        new("PI", [], 0, ValueKind.Float, (scoped in _, _) => Value.Of(Math.PI)),
    ];

    private static ScalarFunction Real(string name, Func<double, double> body) =>
        new(name, [Number], 1, ValueKind.Float, (scoped in row, arguments) =>
            Arguments.TryNumber(row, arguments[0], name, out var x)
                ? Finite(row, name, body(x.Double))
                : Value.Null);

    private static ScalarFunction Keep(string name, Func<double, double> body) =>
        new(name, [Number], 1, null, (scoped in row, arguments) =>
            !Arguments.TryNumber(row, arguments[0], name, out var x) ? Value.Null
            : x.Kind == ValueKind.Bigint ? x
            : Value.Of(body(x.Double)));

    private static Value Abs(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryNumber(row, arguments[0], "ABS", out var x))
        {
            return Value.Null;
        }

        return x.Kind == ValueKind.Float ? Value.Of(Math.Abs(x.Double))
            : x.Bits == long.MinValue ? row.State.Fail($"ABS({x.Bits}): the result does not fit bigint")
            : Value.Of(Math.Abs(x.Bits));
    }

    private static Value Sign(scoped in Row row, Expression[] arguments) =>
        !Arguments.TryNumber(row, arguments[0], "SIGN", out var x) ? Value.Null
        : x.Kind == ValueKind.Bigint ? Value.Of((long)Math.Sign(x.Bits))
        : Value.Of((double)Math.Sign(x.Double));

    /// <summary>Halves go away from zero, as in T-SQL; a negative length rounds before the point.</summary>
    private static Value Round(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryNumber(row, arguments[0], "ROUND", out var x)
            || !Arguments.TryBigint(row, arguments[1], "ROUND", out var digits))
        {
            return Value.Null;
        }

        if (digits >= 0)
        {
            return x.Kind == ValueKind.Bigint || digits > 15
                ? x
                : Value.Of(Math.Round(x.Double, (int)digits, MidpointRounding.AwayFromZero));
        }

        if (x.Kind == ValueKind.Float)
        {
            var scale = Math.Pow(10, -digits);
            return double.IsFinite(scale)
                ? Value.Of(Math.Round(x.Double / scale, MidpointRounding.AwayFromZero) * scale)
                : Value.Of(0.0);
        }

        return digits < -18 ? Value.Of(0L) : RoundWhole(row, x.Bits, (int)-digits);
    }

    private static Value RoundWhole(scoped in Row row, long x, int digits)
    {
        long scale = 1;
        for (var i = 0; i < digits; i++)
        {
            scale *= 10;
        }

        Int128 rest = x % scale;
        var rounded = x - rest + (Int128.Abs(rest) * 2 >= scale ? Math.Sign(x) * (Int128)scale : 0);
        return rounded == (long)rounded
            ? Value.Of((long)rounded)
            : row.State.Fail($"ROUND({x}, {-digits}): the result does not fit bigint");
    }

    private static Value Square(scoped in Row row, Expression[] arguments) =>
        Arguments.TryNumber(row, arguments[0], "SQUARE", out var x)
            ? Finite(row, "SQUARE", x.Double * x.Double)
            : Value.Null;

    /// <summary>Of the first argument's type: of a bigint exactly, or, as in T-SQL, what is before the point.</summary>
    private static Value Power(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryNumber(row, arguments[0], "POWER", out var x)
            || !Arguments.TryNumber(row, arguments[1], "POWER", out var y))
        {
            return Value.Null;
        }

        if (x.Kind == ValueKind.Float)
        {
            return Finite(row, "POWER", Math.Pow(x.Double, y.Double));
        }

        if (y.Kind == ValueKind.Bigint && y.Bits >= 0)
        {
            return WholePower(row, x.Bits, y.Bits);
        }

        var real = Finite(row, "POWER", Math.Pow(x.Double, y.Double));
        return real.IsNull || Conversion.TryConvert(real, ValueKind.Bigint, row.State.Scratch, out real)
            ? real
            : row.State.Fail($"POWER({x.Bits}, {Evaluation.Quote(y)}): the result does not fit bigint");
    }

    private static Value WholePower(scoped in Row row, long x, long y)
    {
        Int128 result = 1, factor = x;
        for (var rest = y; rest > 0 && factor != 0 && factor != 1; rest >>= 1)
        {
            var isPast = factor != (long)factor;
            result *= isPast || (rest & 1) == 0 ? 1 : factor;
            if (isPast || result != (long)result)
            {
                return row.State.Fail($"POWER({x}, {y}): the result does not fit bigint");
            }

            factor *= factor;
        }

        return Value.Of(x is 0 or 1 && y > 0 ? x : (long)result);
    }

    private static Value Log(scoped in Row row, Expression[] arguments)
    {
        var number = Value.Of(Math.E);
        if (!Arguments.TryNumber(row, arguments[0], "LOG", out var x)
            || (arguments.Length > 1 && !Arguments.TryNumber(row, arguments[1], "LOG", out number)))
        {
            return Value.Null;
        }

        return Finite(row, "LOG", arguments.Length > 1 ? Math.Log(x.Double, number.Double) : Math.Log(x.Double));
    }

    private static Value Finite(scoped in Row row, string name, double value) => double.IsFinite(value)
        ? Value.Of(value)
        : row.State.Fail($"{name}: the result is not a finite number");
}
