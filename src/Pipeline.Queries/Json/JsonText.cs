using System.Buffers.Text;
using System.Text;

namespace Pipeline.Queries.Json;

/// <summary>The text inside JSON strings (RFC 8259, section 7).</summary>
public static class JsonText
{
    /// <summary>
    /// Writes the UTF-8 of an escaped string's inside to <paramref name="to"/>, which is at least as long; returns the
    /// bytes written. A lone surrogate becomes U+FFFD.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> inside, Span<byte> to)
    {
        var written = 0;
        while (true)
        {
            var next = inside.IndexOf((byte)'\\');
            var plain = next < 0 ? inside : inside[..next];
            plain.CopyTo(to[written..]);
            written += plain.Length;
            if (next < 0 || next + 1 >= inside.Length)
            {
                return written;
            }

            inside = inside[next..];
            if (inside[1] == (byte)'u')
            {
                var rune = ReadRune(ref inside);
                written += rune.EncodeToUtf8(to[written..]);
                continue;
            }

            to[written++] = inside[1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                var other => other,
            };
            inside = inside[2..];
        }
    }

    private static Rune ReadRune(ref ReadOnlySpan<byte> from)
    {
        var first = ReadUnit(ref from);
        if (char.IsHighSurrogate(first) && from.Length >= 6 && from[0] == (byte)'\\' && from[1] == (byte)'u')
        {
            var rest = from;
            var second = ReadUnit(ref rest);
            if (char.IsLowSurrogate(second))
            {
                from = rest;
                return new Rune(first, second);
            }
        }

        return Rune.TryCreate(first, out var rune) ? rune : Rune.ReplacementChar;
    }

    private static char ReadUnit(ref ReadOnlySpan<byte> from)
    {
        var digits = from.Length >= 6 ? from.Slice(2, 4) : default;
        from = from[Math.Min(6, from.Length)..];
        return Utf8Parser.TryParse(digits, out ushort unit, out var used, 'x') && used == 4 ? (char)unit : '\uFFFD';
    }
}
