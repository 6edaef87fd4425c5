using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>Which types may meet, as far as they are known before any event.</summary>
internal static class OperandRules
{
    public static bool MayCompare(Expression left, Expression right, bool isStrict)
    {
        if (left.Kind is not { } a || right.Kind is not { } b || a == b || a == ValueKind.Null || b == ValueKind.Null)
        {
            return true;
        }

        return IsNumeric(a) == IsNumeric(b)
            ? IsNumeric(a) || (IsTime(a) && IsTime(b))
            : !isStrict && ((IsNumber(b) && MayShowNumber(left)) || (IsNumber(a) && MayShowNumber(right)));
    }

    /// <summary>Whether + - * / % takes it beside the other.</summary>
    public static bool MayCompute(Expression operand, Expression other, bool isStrict) => operand.Kind switch
    {
        null or ValueKind.Null or ValueKind.Bigint or ValueKind.Float => true,
        ValueKind.Bit => other.Kind is null or ValueKind.Null or ValueKind.Bigint or ValueKind.Float,
        ValueKind.Text => !isStrict && other.Kind is null or ValueKind.Null or ValueKind.Bigint or ValueKind.Float
            && MayShowNumber(operand),
        _ => false,
    };

    public static bool MayJoin(Expression left, Expression right) =>
        (left.Kind == ValueKind.Text || right.Kind == ValueKind.Text)
        && left.Kind is null or ValueKind.Text or ValueKind.Null
        && right.Kind is null or ValueKind.Text or ValueKind.Null;

    /// <summary>A text, and, where it is a constant, one that shows a number.</summary>
    public static bool MayShowNumber(Expression text) => text.Kind == ValueKind.Text
        && (text is not ConstantExpression constant || ImplicitConversion.TryNumber(constant.Bytes, out _));

    public static bool MayCast(ValueKind from, ValueKind to)
    {
        if (from == to || from == ValueKind.Null || to == ValueKind.Text)
        {
            return true;
        }

        return to < ValueKind.Record && (from == ValueKind.Text || (IsNumeric(from) && IsNumeric(to)));
    }

    public static bool IsNumber(ValueKind kind) => kind is ValueKind.Bigint or ValueKind.Float;

    private static bool IsNumeric(ValueKind kind) => kind is ValueKind.Bit or ValueKind.Bigint or ValueKind.Float;

    private static bool IsTime(ValueKind kind) => kind is ValueKind.Datetime or ValueKind.Text;
}
