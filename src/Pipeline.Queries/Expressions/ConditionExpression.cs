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

    public sealed override Truth Test(scoped in Row row)
    {
        // What its operands needed of the scratch memory is of no use to anybody else.
        var used = row.State.Scratch.Used;
        var truth = Decide(row);
        row.State.Scratch.Release(used);
        return truth;
    }

    protected abstract Truth Decide(scoped in Row row);

    protected static Truth Of(bool value) => value ? Truth.True : Truth.False;
}
