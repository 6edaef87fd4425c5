namespace Pipeline.Ingestion;

/// <summary>The grammar of JSON numbers (RFC 8259, section 6), of any size.</summary>
internal static class JsonNumber
{
    /// <summary>Moves behind the number at <paramref name="position"/>; leaves it there where there is none.</summary>
    public static bool TryScan(ReadOnlySpan<byte> json, ref int position, out string error)
    {
        var at = position;
        if (json[at] == '-')
        {
            at++;
        }

        var first = at;
        at = SkipDigits(json, at);
        if (at == first)
        {
            return Fail(out error, json[position] == '-' ? "a number needs digits" : "not a JSON value");
        }

        if (json[first] == '0' && at > first + 1)
        {
            return Fail(out error, "a number must not start with 0");
        }

        if ((uint)at < (uint)json.Length && json[at] == '.')
        {
            first = at + 1;
            at = SkipDigits(json, first);
            if (at == first)
            {
                return Fail(out error, "digits are missing after the point");
            }
        }

        if ((uint)at < (uint)json.Length && json[at] is (byte)'e' or (byte)'E')
        {
            first = at + 1;
            if ((uint)first < (uint)json.Length && json[first] is (byte)'+' or (byte)'-')
            {
                first++;
            }

            at = SkipDigits(json, first);
            if (at == first)
            {
                return Fail(out error, "digits are missing in the exponent");
            }
        }

        position = at;
        error = "";
        return true;
    }

    private static int SkipDigits(ReadOnlySpan<byte> json, int at)
    {
        while ((uint)at < (uint)json.Length && (uint)(json[at] - '0') <= 9)
        {
            at++;
        }

        return at;
    }

    private static bool Fail(out string error, string text)
    {
        error = text;
        return false;
    }
}
