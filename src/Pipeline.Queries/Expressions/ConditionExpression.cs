using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>An expression that is a condition by nature.</summary>
internal abstract class ConditionExpression : Expression
{
    public sealed override ValueKind? Kind => ValueKind.Bit;

    public sealed override Value Evaluate(scoped in Row row) => Test(row) switch
    {
        Truth.True => Value.Of(true),
        Truth.False => Value.Of(false),
        _ => Value.Null,
    };

    public abstract override Truth Test(scoped in Row row);

    protected static Truth Of(bool value) => value ? Truth.True : Truth.False;
}
