namespace Pipeline.Queries.Values;

/// <summary>A few decimal digits.</summary>
internal static class IsoDigits
{
    public static bool TryRead(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var one in text)
        {
            var digit = (uint)(one - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + (int)digit;
        }

        return !text.IsEmpty;
    }

    public static bool TryReadTwo(ReadOnlySpan<byte> text, int at, out int value)
    {
        value = 0;
        if (at + 2 > text.Length)
        {
            return false;
        }

        uint high = (uint)(text[at] - '0'), low = (uint)(text[at + 1] - '0');
        value = (int)((high * 10) + low);
        return high <= 9 && low <= 9;
    }
}
