using System.Text;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;
using static Pipeline.Queries.Functions.ParameterKind;

namespace Pipeline.Queries.Functions;

/// <summary>Functions that cut, repeat and change text, and those of single characters, by code points.</summary>
internal static class TextEditFunctions
{
    private const int MostTranslated = 1_000;
    private const int Largest = 0x10FFFF;

    public static ScalarFunction[] All { get; } =
    [
        new("LEFT", [ParameterKind.Text, Bigint], 2, ValueKind.Text, (scoped in row, a) => Part(row, a, "LEFT", true)),
        new("RIGHT", [ParameterKind.Text, Bigint], 2, ValueKind.Text, (scoped in row, a) =>
            Part(row, a, "RIGHT", false)),
        new("REVERSE", [ParameterKind.Text], 1, ValueKind.Text, Reverse),
        new("REPLICATE", [ParameterKind.Text, Bigint], 2, ValueKind.Text, Replicate),
        new("SPACE", [Bigint], 1, ValueKind.Text, Space),
        new("STUFF", [ParameterKind.Text, Bigint, Bigint, ParameterKind.Text], 4, ValueKind.Text, Stuff),
        new("TRANSLATE", [ParameterKind.Text, ParameterKind.Text, ParameterKind.Text], 3, ValueKind.Text, Translate),
        new("UNICODE", [ParameterKind.Text], 1, ValueKind.Bigint, CodeOf),
        new("NCHAR", [Bigint], 1, ValueKind.Text, Character),
    ];

    private static Value Part(scoped in Row row, Expression[] arguments, string name, bool fromStart)
    {
        if (!Arguments.TryText(row, arguments[0], name, out var text)
            || !Arguments.TryBigint(row, arguments[1], name, out var length))
        {
            return Value.Null;
        }

        if (length < 0)
        {
            return row.State.Fail($"{name}: the length {length} is negative");
        }

        if (fromStart)
        {
            return Value.OfText(text[..Utf8Text.IndexOf(text, length)]);
        }

        var count = Utf8Text.Count(text);
        return Value.OfText(text[Utf8Text.IndexOf(text, Math.Max(count - length, 0))..]);
    }

    private static Value Reverse(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryText(row, arguments[0], "REVERSE", out var text)
            || !row.State.TryTake(text.Length, "REVERSE", out var to))
        {
            return Value.Null;
        }

        var at = text.Length;
        while (at > 0)
        {
            Rune.DecodeFromUtf8(text, out _, out var length);
            at -= length;
            text[..length].CopyTo(to[at..]);
            text = text[length..];
        }

        return Value.OfText(to);
    }

    private static Value Replicate(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryText(row, arguments[0], "REPLICATE", out var text)
            || !Arguments.TryBigint(row, arguments[1], "REPLICATE", out var count) || count < 0)
        {
            return Value.Null;
        }

        var length = (long)Int128.Min((Int128)text.Length * count, long.MaxValue / 2);
        if (!row.State.TryTake(length, "REPLICATE", out var to))
        {
            return Value.Null;
        }

        for (var at = 0; at < to.Length; at += text.Length)
        {
            text.CopyTo(to[at..]);
        }

        return Value.OfText(to);
    }

    private static Value Space(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryBigint(row, arguments[0], "SPACE", out var count) || count < 0
            || !row.State.TryTake(Math.Min(count, long.MaxValue / 2), "SPACE", out var to))
        {
            return Value.Null;
        }

        to.Fill((byte)' ');
        return Value.OfText(to);
    }

    /// <summary>A start before 1 is 1, one behind the end gives an empty text; NULL inserts nothing.</summary>
    private static Value Stuff(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryText(row, arguments[0], "STUFF", out var text)
            || !Arguments.TryBigint(row, arguments[1], "STUFF", out var start)
            || !Arguments.TryBigint(row, arguments[2], "STUFF", out var length))
        {
            return Value.Null;
        }

        _ = Arguments.TryText(row, arguments[3], "STUFF", out var inserted);
        if (length < 0)
        {
            return row.State.Fail($"STUFF: the length {length} is negative");
        }

        var before = Utf8Text.IndexOf(text, Math.Max(start, 1) - 1);
        if (row.State.Error is not null || before == text.Length)
        {
            return row.State.Error is null ? Value.OfText(default) : Value.Null;
        }

        var rest = text[(before + Utf8Text.IndexOf(text[before..], length))..];
        if (!row.State.TryTake((long)before + inserted.Length + rest.Length, "STUFF", out var to))
        {
            return Value.Null;
        }

        text[..before].CopyTo(to);
        inserted.CopyTo(to[before..]);
        rest.CopyTo(to[(before + inserted.Length)..]);
        return Value.OfText(to);
    }

    private static Value Translate(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryText(row, arguments[0], "TRANSLATE", out var text)
            || !Arguments.TryText(row, arguments[1], "TRANSLATE", out var from)
            || !Arguments.TryText(row, arguments[2], "TRANSLATE", out var into))
        {
            return Value.Null;
        }

        var count = Utf8Text.Count(from);
        if (count != Utf8Text.Count(into) || count > MostTranslated)
        {
            return row.State.Fail($"TRANSLATE: as many characters as are replaced were expected, at most "
                + $"{MostTranslated}; these are {count} and {Utf8Text.Count(into)}");
        }

        Span<Rune> wanted = stackalloc Rune[count], replacements = stackalloc Rune[count];
        Utf8Text.Decode(from, wanted);
        Utf8Text.Decode(into, replacements);
        var length = Replace(text, wanted, replacements, default);
        if (!row.State.TryTake(length, "TRANSLATE", out var to))
        {
            return Value.Null;
        }

        Replace(text, wanted, replacements, to);
        return Value.OfText(to);
    }

    /// <summary>Writes the text with its characters replaced, where there is room; its length in bytes.</summary>
    private static long Replace(
        ReadOnlySpan<byte> text, ReadOnlySpan<Rune> wanted, ReadOnlySpan<Rune> replacements, Span<byte> to)
    {
        long length = 0;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var used);
            text = text[used..];
            var index = wanted.IndexOf(rune);
            var result = index < 0 ? rune : replacements[index];
            if (!to.IsEmpty)
            {
                result.EncodeToUtf8(to[(int)length..]);
            }

            length += result.Utf8SequenceLength;
        }

        return length;
    }

    private static Value CodeOf(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryText(row, arguments[0], "UNICODE", out var text) || text.IsEmpty)
        {
            return Value.Null;
        }

        Rune.DecodeFromUtf8(text, out var rune, out _);
        return Value.Of((long)rune.Value);
    }

    /// <summary>NULL where no character has the number.</summary>
    private static Value Character(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryBigint(row, arguments[0], "NCHAR", out var code) || code is < 0 or > Largest
            || !Rune.TryCreate((int)code, out var rune))
        {
            return Value.Null;
        }

        var to = row.State.Scratch.Take(rune.Utf8SequenceLength);
        rune.EncodeToUtf8(to);
        return Value.OfText(to);
    }
}
