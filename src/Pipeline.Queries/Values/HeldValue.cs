namespace Pipeline.Queries.Values;

/// <summary>A value put aside in <see cref="Scratch"/> while others are computed.</summary>
internal readonly record struct HeldValue(ValueKind Kind, long Bits, int Start, int Length);
