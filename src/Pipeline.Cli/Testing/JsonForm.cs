using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pipeline.Cli.Testing;

/// <summary>
/// One text for all JSON texts of one value: numbers are what they are worth, to the last digit, and the order of
/// members does not count.
/// </summary>
internal static class JsonForm
{
    public static JsonDocumentOptions Reading { get; } = new() { MaxDepth = 256 };

    public static string Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Reading);
        return Of(document.RootElement);
    }

    public static string Of(JsonElement value)
    {
        var form = new StringBuilder();
        Add(form, value);
        return form.ToString();
    }

    private static void Add(StringBuilder form, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                form.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(static one => one.Name, StringComparer.Ordinal))
                {
                    form.Append(JsonSerializer.Serialize(member.Name)).Append(':');
                    Add(form, member.Value);
                    form.Append(',');
                }

                form.Append('}');
                break;
            case JsonValueKind.Array:
                form.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Add(form, item);
                    form.Append(',');
                }

                form.Append(']');
                break;
            case JsonValueKind.String:
                form.Append(JsonSerializer.Serialize(value.GetString()));
                break;
            case JsonValueKind.Number:
                form.Append(Number(value.GetRawText()));
                break;
            default:
                form.Append(value.GetRawText());
                break;
        }
    }

    /// <summary>Digits without zeros at either end, and the power of ten behind them.</summary>
    private static string Number(string text)
    {
        var isNegative = text[0] == '-';
        var at = text.IndexOfAny(['e', 'E']);
        var exponent = 0L;
        if (at >= 0 && !long.TryParse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out exponent))
        {
            return text;
        }

        var mantissa = text[(isNegative ? 1 : 0)..(at < 0 ? text.Length : at)];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        var kept = digits.TrimEnd('0');
        exponent += digits.Length - kept.Length;
        return kept.Length == 0 ? "0" : string.Create(
            CultureInfo.InvariantCulture, $"{(isNegative ? "-" : "")}{kept}e{exponent}");
    }
}
