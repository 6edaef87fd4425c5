using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>a = b and its kin; unknown where a side is NULL, an error where the two have no common order.</summary>
internal sealed class ComparisonExpression(ComparisonOperator kind, Expression left, Expression right)
    : ConditionExpression
{
    protected override Truth Decide(scoped in Row row)
    {
        var a = left.Evaluate(row);
        var b = right.Evaluate(row);
        return Compare(kind, a, b, row.State);
    }

    /// <summary>A text beside a number, as the number it shows.</summary>
    private static bool TryCompareMixed(Value a, Value b, Evaluation state, out int order)
    {
        order = 0;
        return a.IsNumber != b.IsNumber
            && ImplicitConversion.TryBesideNumber(a, state.IsStrict, out var left)
            && ImplicitConversion.TryBesideNumber(b, state.IsStrict, out var right)
            && Comparison.TryCompare(left, right, out order);
    }

    public static Truth Compare(ComparisonOperator kind, in Value a, in Value b, Evaluation state)
    {
        if (a.IsNull || b.IsNull)
        {
            return Truth.Unknown;
        }

        if (kind <= ComparisonOperator.NotEqual && a.Kind == b.Kind && a.Kind >= ValueKind.Text)
        {
            // Records and arrays are equal where their JSON text is.
            return Of(a.Bytes.SequenceEqual(b.Bytes) == (kind == ComparisonOperator.Equal));
        }

        if (!Comparison.TryCompare(a, b, out var order) && !TryCompareMixed(a, b, state, out order))
        {
            state.Fail($"{Evaluation.Quote(a)} ({KindName.Of(a.Kind)}) cannot be compared with {Evaluation.Quote(b)} "
                + $"({KindName.Of(b.Kind)})");
            return Truth.Unknown;
        }

        return Of(kind switch
        {
            ComparisonOperator.Equal => order == 0,
            ComparisonOperator.NotEqual => order != 0,
            ComparisonOperator.Less => order < 0,
            ComparisonOperator.LessOrEqual => order <= 0,
            ComparisonOperator.Greater => order > 0,
            _ => order >= 0,
        });
    }
}
