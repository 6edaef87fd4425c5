using System.Globalization;
using System.Text;

namespace Pipeline.Cli.Output;

/// <summary>
/// Text of others, as an event's, for a terminal: what would move its cursor, change its colours or turn its lines
/// about is shown as an escape, as <c>\u001b</c>.
/// </summary>
internal static class Printable
{
    public static string Of(string text) => Of(text, isLine: true);

    /// <summary>Of several lines: line breaks stay.</summary>
    public static string Lines(string text) => Of(text, isLine: false);

    private static string Of(string text, bool isLine)
    {
        if (!text.Any(letter => IsHidden(letter, isLine)))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            _ = !IsHidden(letter, isLine) ? shown.Append(letter) : letter switch
            {
                '\n' => shown.Append(@"\n"),
                '\r' => shown.Append(@"\r"),
                '\t' => shown.Append(@"\t"),
                _ => shown.Append(CultureInfo.InvariantCulture, $@"\u{(int)letter:x4}"),
            };
        }

        return shown.ToString();
    }

    /// <summary>Controls, separators of lines, and marks that turn the direction of text.</summary>
    private static bool IsHidden(char letter, bool isLine) =>
        (char.IsControl(letter) && (isLine || letter != '\n'))
        || letter is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
