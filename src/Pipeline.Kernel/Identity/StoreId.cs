namespace Pipeline.Kernel.Identity;

/// <summary>
/// An incarnation of a store: 128 random bits written when it was formatted. A store that lost its contents comes
/// back under another one, so it can never speak for promises it forgot (docs/decisions, replication).
/// </summary>
public readonly record struct StoreId(UInt128 Value) : IComparable<StoreId>
{
    public int CompareTo(StoreId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out StoreId id)
    {
        var parsed = UInt128.TryParse(
            text,
            System.Globalization.NumberStyles.AllowHexSpecifier,
            System.Globalization.CultureInfo.InvariantCulture,
            out var value);
        id = new StoreId(value);
        return parsed;
    }
}
