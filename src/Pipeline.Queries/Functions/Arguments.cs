using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Functions;

/// <summary>
/// Arguments as functions need them. False: NULL, or an error that is noted; the function's result is then NULL.
/// </summary>
internal static class Arguments
{
    public static bool TryText(scoped in Row row, Expression argument, string function, out ReadOnlySpan<byte> text)
    {
        var value = argument.Evaluate(row);
        return ImplicitConversion.TryText(value, row.State, out text) || Refuse(row, value, function, ValueKind.Text);
    }

    public static bool TryNumber(scoped in Row row, Expression argument, string function, out Value number)
    {
        number = argument.Evaluate(row);
        return number.IsNumber || TryFloat(row, number, out number) || Refuse(row, number, function, ValueKind.Float);
    }

    public static bool TryBigint(scoped in Row row, Expression argument, string function, out long number)
    {
        var value = argument.Evaluate(row);
        number = value.Bits;
        if (value.Kind == ValueKind.Text && !row.State.IsStrict
            && ImplicitConversion.TryNumber(value.Bytes, out var shown) && shown.Kind == ValueKind.Bigint)
        {
            number = shown.Bits;
            return true;
        }

        return value.Kind == ValueKind.Bigint || Refuse(row, value, function, ValueKind.Bigint);
    }

    /// <summary>A number whose fraction is cut off towards zero, as T-SQL does for DATEADD.</summary>
    public static bool TryWhole(scoped in Row row, Expression argument, string function, out long number)
    {
        number = 0;
        var value = argument.Evaluate(row);
        if (value.Kind == ValueKind.Text && !row.State.IsStrict
            && ImplicitConversion.TryNumber(value.Bytes, out var shown))
        {
            value = shown;
        }

        if (!value.IsNumber)
        {
            return Refuse(row, value, function, ValueKind.Float);
        }

        if (!Conversion.TryConvert(value, ValueKind.Bigint, row.State.Scratch, out var whole)
            && value.Kind != ValueKind.Bigint)
        {
            row.State.Fail($"{function}: {Evaluation.Quote(value)} does not fit bigint");
            return false;
        }

        number = value.Kind == ValueKind.Bigint ? value.Bits : whole.Bits;
        return true;
    }

    public static bool TryTicks(scoped in Row row, Expression argument, string function, out long ticks)
    {
        var value = argument.Evaluate(row);
        ticks = value.Bits;
        return value.Kind == ValueKind.Datetime
            || (value.Kind == ValueKind.Text && Iso8601.TryParse(value.Bytes, out ticks))
            || Refuse(row, value, function, ValueKind.Datetime);
    }

    public static bool TryJson(
        scoped in Row row, Expression argument, string function, ValueKind kind, out ReadOnlySpan<byte> json)
    {
        var value = argument.Evaluate(row);
        json = value.Bytes;
        return value.Kind == kind || Refuse(row, value, function, kind);
    }

    /// <summary>A text as a float; else the value as it is.</summary>
    private static bool TryFloat(scoped in Row row, Value value, out Value number)
    {
        var shown = value;
        var isNumber = value.Kind == ValueKind.Text && !row.State.IsStrict
            && ImplicitConversion.TryNumber(value.Bytes, out shown);
        number = isNumber ? Value.Of(shown.Double) : value;
        return isNumber;
    }

    private static bool Refuse(scoped in Row row, scoped in Value value, string function, ValueKind wanted)
    {
        if (!value.IsNull)
        {
            row.State.Fail($"{function}: {KindName.Of(wanted)} was expected, {Evaluation.Quote(value)} is "
                + KindName.Of(value.Kind));
        }

        return false;
    }
}
