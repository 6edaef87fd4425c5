using System.Globalization;
using System.Text;

namespace Pipeline.Http.Events;

/// <summary>
/// The value of a header that holds text (CloudEvents 1.0, HTTP binding, section 3.1.3.2): quotes around it are taken
/// off, with the backslashes that quote; then it is percent-decoded, once, as UTF-8.
/// </summary>
internal static class HeaderText
{
    private static readonly UTF8Encoding Strict = new(false, true);

    public static bool TryDecode(string value, out string text, out string error)
    {
        text = Unquote(value);
        error = "";
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return true;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '%')
            {
                bytes[length++] = bytes[i];
            }
            else if (i + 2 < bytes.Length && byte.TryParse(
                bytes.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var decoded))
            {
                bytes[length++] = decoded;
                i += 2;
            }
            else
            {
                error = "after a percent sign there are two hexadecimal digits; a percent sign itself is %25";
                return false;
            }
        }

        try
        {
            text = Strict.GetString(bytes.AsSpan(0, length));
            return true;
        }
        catch (DecoderFallbackException)
        {
            error = "what is percent-encoded is not UTF-8";
            return false;
        }
    }

    private static string Unquote(string value)
    {
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"')
        {
            return value;
        }

        var inner = value.AsSpan(1, value.Length - 2);
        var text = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            i += inner[i] == '\\' && i + 1 < inner.Length ? 1 : 0;
            text.Append(inner[i]);
        }

        return text.ToString();
    }
}
