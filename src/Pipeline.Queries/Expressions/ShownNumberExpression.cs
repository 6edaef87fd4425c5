using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>
/// The argument of an aggregate of numbers: a text counts as the float it shows, for MIN and MAX otherwise as the time
/// it shows, since JSON has no other form for times. What else a text may be, the aggregate itself refuses.
/// </summary>
internal sealed class ShownNumberExpression(string aggregate, Expression operand, bool isExtreme) : Expression
{
    public override ValueKind? Kind => operand.Kind == ValueKind.Text ? null : operand.Kind;

    public override Value Evaluate(scoped in Row row)
    {
        var value = operand.Evaluate(row);
        if (value.Kind != ValueKind.Text)
        {
            return value;
        }

        if (!row.State.IsStrict && ImplicitConversion.TryNumber(value.Bytes, out var number))
        {
            return Value.Of(number.Double);
        }

        if (!isExtreme)
        {
            return value;
        }

        return !row.State.IsStrict && Iso8601.TryParse(value.Bytes, out var ticks)
            ? Value.OfTicks(ticks)
            : row.State.Fail($"{aggregate}: a number or a datetime was expected, {Evaluation.Quote(value)} is "
                + $"nvarchar(max); {aggregate}(CAST(… AS nvarchar(max))) compares texts");
    }
}
