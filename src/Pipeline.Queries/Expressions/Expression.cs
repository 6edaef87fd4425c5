using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>
/// A checked expression; immutable and without state, so that every instance of a stage can share it.
/// </summary>
internal abstract class Expression
{
    /// <summary>What is known of the result before any event; null: anything, as in a field of raw JSON.</summary>
    public virtual ValueKind? Kind => null;

    /// <summary>The value; on an error NULL, and the error is noted in the row's state.</summary>
    public abstract Value Evaluate(scoped in Row row);

    /// <summary>The value as a condition.</summary>
    public virtual Truth Test(scoped in Row row)
    {
        var value = Evaluate(row);
        switch (value.Kind)
        {
            case ValueKind.Bit:
                return value.Bits != 0 ? Truth.True : Truth.False;
            case ValueKind.Null:
                return Truth.Unknown;
            default:
                row.State.Fail($"a condition was expected, {Evaluation.Quote(value)} is {KindName.Of(value.Kind)}");
                return Truth.Unknown;
        }
    }
}
