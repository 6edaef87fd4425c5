namespace Pipeline.Queries.Values;

/// <summary>
/// The order of values: numbers by value (a bigint and a float exactly, not by rounding), text by its UTF-8 bytes,
/// bits, times; text next to a datetime is read as one, and a bit next to a number counts as 0 or 1.
/// </summary>
internal static class Comparison
{
    private const double TwoTo63 = 9223372036854775808.0;

    /// <summary>False where the two have no common order; neither is NULL.</summary>
    public static bool TryCompare(in Value a, in Value b, out int order)
    {
        order = 0;
        if (a.Kind == ValueKind.Bigint && b.Kind == ValueKind.Bigint)
        {
            order = a.Bits.CompareTo(b.Bits);
            return true;
        }

        if (a.Kind == ValueKind.Text && b.Kind == ValueKind.Text)
        {
            order = a.Bytes.SequenceCompareTo(b.Bytes);
            return true;
        }

        if (IsNumeric(a) && IsNumeric(b))
        {
            order = CompareNumbers(a, b);
            return true;
        }

        return TryCompareTimes(a, b, out order);
    }

    private static bool IsNumeric(in Value value) => value.IsNumber || value.Kind == ValueKind.Bit;

    private static int CompareNumbers(in Value a, in Value b)
    {
        if (a.Kind == ValueKind.Float)
        {
            return b.Kind == ValueKind.Float ? a.Double.CompareTo(b.Double) : -CompareMixed(b.Bits, a.Double);
        }

        return b.Kind == ValueKind.Float ? CompareMixed(a.Bits, b.Double) : a.Bits.CompareTo(b.Bits);
    }

    private static int CompareMixed(long a, double b)
    {
        if (b is >= TwoTo63 or < -TwoTo63)
        {
            return b > 0 ? -1 : 1;
        }

        var whole = (long)b;
        return a != whole ? a.CompareTo(whole) : 0.0.CompareTo(b - whole);
    }

    private static bool TryCompareTimes(in Value a, in Value b, out int order)
    {
        order = 0;
        if ((a.Kind != ValueKind.Datetime && b.Kind != ValueKind.Datetime)
            || !TryTicks(a, out var left) || !TryTicks(b, out var right))
        {
            return false;
        }

        order = left.CompareTo(right);
        return true;
    }

    private static bool TryTicks(in Value value, out long ticks)
    {
        ticks = value.Bits;
        return value.Kind == ValueKind.Datetime
            || (value.Kind == ValueKind.Text && Iso8601.TryParse(value.Bytes, out ticks));
    }
}
