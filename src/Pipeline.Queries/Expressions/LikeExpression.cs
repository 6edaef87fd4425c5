using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>x LIKE pattern; see <see cref="LikePattern"/>.</summary>
internal sealed class LikeExpression(Expression operand, Expression pattern) : ConditionExpression
{
    /// <summary>As in SQL Server; the time of a comparison grows with it.</summary>
    private const int MostPatternBytes = 8_000;

    protected override Truth Decide(scoped in Row row)
    {
        var value = operand.Evaluate(row);
        var wanted = pattern.Evaluate(row);
        if (value.IsNull || wanted.IsNull)
        {
            return Truth.Unknown;
        }

        if (!ImplicitConversion.TryText(value, row.State, out var text)
            || !ImplicitConversion.TryText(wanted, row.State, out var form))
        {
            row.State.Fail($"{Evaluation.Quote(value)} LIKE {Evaluation.Quote(wanted)}: texts were expected");
            return Truth.Unknown;
        }

        if (form.Length > MostPatternBytes)
        {
            row.State.Fail($"LIKE: the pattern has {form.Length} bytes, more than {MostPatternBytes}");
            return Truth.Unknown;
        }

        return Of(LikePattern.Matches(text, form));
    }
}
