namespace Pipeline.Queries.Values;

/// <summary>
/// What is converted without CAST: a text beside a number is the number it shows, a bit beside a number is 1 or 0.
/// </summary>
internal static class ImplicitConversion
{
    /// <summary>A text as the number it shows, spaces around it aside.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out Value number) =>
        NumberText.TryParse(Conversion.Trim(text), out number);

    /// <summary>The value as an operand beside a number; false where it cannot be one.</summary>
    public static bool TryBesideNumber(Value value, bool isStrict, out Value number)
    {
        number = value.Kind == ValueKind.Bit ? Value.Of(value.Bits) : value;
        return number.IsNumber
            || (value.Kind == ValueKind.Text && !isStrict && TryNumber(value.Bytes, out number));
    }

    /// <summary>The value where a text belongs; false where it is neither a text nor a number.</summary>
    public static bool TryText(Value value, Evaluation state, out ReadOnlySpan<byte> text)
    {
        var isNumber = value.IsNumber && !state.IsStrict;
        text = isNumber ? Conversion.Text(value, state.Scratch) : value.Bytes;
        return isNumber || value.Kind == ValueKind.Text;
    }
}
