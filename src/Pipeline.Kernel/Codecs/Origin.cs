namespace Pipeline.Kernel.Codecs;

/// <summary>
/// Which input made an output record: the input's offset and the record's number among that input's outputs, from 0.
/// Ordered; (-1, 0) comes before all. Watermark-driven outputs carry the offset of the input that moved the watermark.
/// </summary>
public readonly record struct Origin(long Offset, int Ordinal) : IComparable<Origin>
{
    public static Origin None => new(-1, 0);

    public int CompareTo(Origin other) =>
        Offset != other.Offset ? Offset.CompareTo(other.Offset) : Ordinal.CompareTo(other.Ordinal);

    public static bool operator <(Origin left, Origin right) => left.CompareTo(right) < 0;

    public static bool operator >(Origin left, Origin right) => left.CompareTo(right) > 0;

    public static bool operator <=(Origin left, Origin right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Origin left, Origin right) => left.CompareTo(right) >= 0;
}
