namespace Pipeline.Queries.Values;

/// <summary>
/// One value while an event is worked on: numbers, bits and ticks in <see cref="Bits"/>, text (unescaped UTF-8) and the
/// JSON of records and arrays in <see cref="Bytes"/>, which point into the event or into scratch memory.
/// </summary>
internal readonly ref struct Value
{
    private Value(ValueKind kind, long bits, ReadOnlySpan<byte> bytes)
    {
        Kind = kind;
        Bits = bits;
        Bytes = bytes;
    }

    public static Value Null => default;

    public ValueKind Kind { get; }

    public long Bits { get; }

    public ReadOnlySpan<byte> Bytes { get; }

    public bool IsNull => Kind == ValueKind.Null;

    public bool IsNumber => Kind is ValueKind.Bigint or ValueKind.Float;

    public bool IsTrue => Kind == ValueKind.Bit && Bits != 0;

    public double Double => Kind == ValueKind.Float ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    public static Value Of(bool value) => new(ValueKind.Bit, value ? 1 : 0, default);

    public static Value Of(long value) => new(ValueKind.Bigint, value, default);

    public static Value Of(double value) => new(ValueKind.Float, BitConverter.DoubleToInt64Bits(value), default);

    /// <summary>Ticks UTC.</summary>
    public static Value OfTicks(long ticks) => new(ValueKind.Datetime, ticks, default);

    public static Value OfText(ReadOnlySpan<byte> utf8) => new(ValueKind.Text, 0, utf8);

    public static Value Of(ValueKind kind, long bits, ReadOnlySpan<byte> bytes) => new(kind, bits, bytes);
}
