using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>A number out of an event; by value, of equal ones the bigint first.</summary>
internal readonly record struct KeptNumber(long Bits, bool IsFloat) : IComparable<KeptNumber>
{
    public Value Value => Value.Of(IsFloat ? ValueKind.Float : ValueKind.Bigint, Bits, default);

    public int CompareTo(KeptNumber other)
    {
        _ = Comparison.TryCompare(Value, other.Value, out var order);
        return order != 0 ? order
            : IsFloat != other.IsFloat ? IsFloat.CompareTo(other.IsFloat)
            : Bits.CompareTo(other.Bits);
    }
}
