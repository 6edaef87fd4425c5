using System.Text;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Functions;

/// <summary>UTF-8 text by characters (code points).</summary>
internal static class Utf8Text
{
    public static int Count(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var unit in text)
        {
            count += (unit & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }

    /// <summary>The byte at which the given character begins, or the text's length.</summary>
    public static int IndexOf(ReadOnlySpan<byte> text, long character)
    {
        if (character >= text.Length)
        {
            return text.Length;
        }

        var at = 0;
        for (; at < text.Length; at++)
        {
            if ((text[at] & 0xC0) != 0x80 && character-- == 0)
            {
                return at;
            }
        }

        return at;
    }

    /// <summary>The text's characters; there is room for all of them.</summary>
    public static void Decode(ReadOnlySpan<byte> text, Span<Rune> to)
    {
        for (var i = 0; i < to.Length; i++)
        {
            Rune.DecodeFromUtf8(text, out to[i], out var length);
            text = text[length..];
        }
    }

    /// <summary>Without the white space of Unicode at the ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text, bool start, bool end)
    {
        while (start && !text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            start = Rune.IsWhiteSpace(rune);
            text = start ? text[length..] : text;
        }

        while (end && !text.IsEmpty)
        {
            Rune.DecodeLastFromUtf8(text, out var rune, out var length);
            end = Rune.IsWhiteSpace(rune);
            text = end ? text[..^length] : text;
        }

        return text;
    }

    /// <summary>Simple case mapping of Unicode, the same in every culture; NULL after an error.</summary>
    public static Value ToCase(ReadOnlySpan<byte> text, bool upper, Evaluation state)
    {
        // A mapping grows a character by one byte at most (two to three).
        var isAscii = Ascii.IsValid(text);
        if (!state.TryTake(isAscii ? text.Length : (text.Length * 3L / 2) + 4, upper ? "UPPER" : "LOWER", out var to))
        {
            return Value.Null;
        }

        if (isAscii)
        {
            _ = upper ? Ascii.ToUpper(text, to, out _) : Ascii.ToLower(text, to, out _);
            return Value.OfText(to);
        }

        var used = 0;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            text = text[length..];
            used += (upper ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune)).EncodeToUtf8(to[used..]);
        }

        return Value.OfText(to[..used]);
    }
}
