using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;
using static Pipeline.Queries.Functions.ParameterKind;

namespace Pipeline.Queries.Functions;

/// <summary>Functions of text. Positions count characters (Unicode code points) from 1.</summary>
internal static class TextFunctions
{
    public static ScalarFunction[] All { get; } =
    [
        new("LEN", [Text], 1, ValueKind.Bigint, Len),
        new("UPPER", [Text], 1, ValueKind.Text, Upper),
        new("LOWER", [Text], 1, ValueKind.Text, Lower),
        new("TRIM", [Text], 1, ValueKind.Text, (scoped in row, a) => Trim(row, a, "TRIM", true, true)),
        new("LTRIM", [Text], 1, ValueKind.Text, (scoped in row, a) => Trim(row, a, "LTRIM", true, false)),
        new("RTRIM", [Text], 1, ValueKind.Text, (scoped in row, a) => Trim(row, a, "RTRIM", false, true)),
        new("SUBSTRING", [Text, Bigint, Bigint], 3, ValueKind.Text, Substring),
        new("REPLACE", [Text, Text, Text], 3, ValueKind.Text, Replace),
        new("CHARINDEX", [Text, Text, Bigint], 2, ValueKind.Bigint, CharIndex),
        new("CONCAT", [Any, Any], 2, ValueKind.Text, Concat) { IsVariadic = true },
        new("CONCAT_WS", [Text, Any, Any], 3, ValueKind.Text, ConcatWith) { IsVariadic = true },
    ];

    private static Value Len(scoped in Row row, Expression[] arguments) =>
        Arguments.TryText(row, arguments[0], "LEN", out var text)
            ? Value.Of((long)Utf8Text.Count(text.TrimEnd((byte)' ')))
            : Value.Null;

    private static Value Upper(scoped in Row row, Expression[] arguments) =>
        Arguments.TryText(row, arguments[0], "UPPER", out var text)
            ? Utf8Text.ToCase(text, true, row.State)
            : Value.Null;

    private static Value Lower(scoped in Row row, Expression[] arguments) =>
        Arguments.TryText(row, arguments[0], "LOWER", out var text)
            ? Utf8Text.ToCase(text, false, row.State)
            : Value.Null;

    private static Value Trim(scoped in Row row, Expression[] arguments, string name, bool start, bool end) =>
        Arguments.TryText(row, arguments[0], name, out var text)
            ? Value.OfText(Utf8Text.Trim(text, start, end))
            : Value.Null;

    private static Value Substring(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryText(row, arguments[0], "SUBSTRING", out var text)
            || !Arguments.TryBigint(row, arguments[1], "SUBSTRING", out var start)
            || !Arguments.TryBigint(row, arguments[2], "SUBSTRING", out var length))
        {
            return Value.Null;
        }

        if (length < 0)
        {
            return row.State.Fail($"SUBSTRING: the length {length} is negative");
        }

        // As in T-SQL: a start before 1 uses up the length.
        var end = (Int128)start + length;
        var from = Utf8Text.IndexOf(text, Math.Max(start, 1) - 1);
        var to = end <= 1 ? 0 : Utf8Text.IndexOf(text, (long)Int128.Min(end - 1, long.MaxValue));
        return Value.OfText(text[from..Math.Max(from, to)]);
    }

    private static Value Replace(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryText(row, arguments[0], "REPLACE", out var text)
            || !Arguments.TryText(row, arguments[1], "REPLACE", out var wanted)
            || !Arguments.TryText(row, arguments[2], "REPLACE", out var replacement))
        {
            return Value.Null;
        }

        var count = wanted.IsEmpty ? 0 : text.Count(wanted);
        if (count == 0)
        {
            return Value.OfText(text);
        }

        var length = text.Length + ((long)count * (replacement.Length - wanted.Length));
        if (!row.State.TryTake(length, "REPLACE", out var result))
        {
            return Value.Null;
        }

        var to = result;
        for (; count > 0; count--)
        {
            var next = text.IndexOf(wanted);
            text[..next].CopyTo(to);
            replacement.CopyTo(to[next..]);
            text = text[(next + wanted.Length)..];
            to = to[(next + replacement.Length)..];
        }

        text.CopyTo(to);
        return Value.OfText(result);
    }

    private static Value CharIndex(scoped in Row row, Expression[] arguments)
    {
        long start = 1;
        if (!Arguments.TryText(row, arguments[0], "CHARINDEX", out var wanted)
            || !Arguments.TryText(row, arguments[1], "CHARINDEX", out var text)
            || (arguments.Length > 2 && !Arguments.TryBigint(row, arguments[2], "CHARINDEX", out start)))
        {
            return Value.Null;
        }

        var from = Utf8Text.IndexOf(text, Math.Max(start, 1) - 1);
        var found = wanted.IsEmpty ? -1 : text[from..].IndexOf(wanted);
        return Value.Of(found < 0 ? 0L : Utf8Text.Count(text[..(from + found)]) + 1);
    }

    private static Value Concat(scoped in Row row, Expression[] arguments) =>
        Join(row, arguments, default, "CONCAT");

    private static Value ConcatWith(scoped in Row row, Expression[] arguments) =>
        Arguments.TryText(row, arguments[0], "CONCAT_WS", out var separator)
            ? Join(row, arguments.AsSpan(1), separator, "CONCAT_WS")
            : Value.Null;

    /// <summary>NULL counts as nothing; CONCAT_WS leaves it out with its separator.</summary>
    private static Value Join(
        scoped in Row row, scoped ReadOnlySpan<Expression> parts, scoped ReadOnlySpan<byte> separator, string name)
    {
        var state = row.State;
        var scratch = state.Scratch;
        var start = scratch.Used;
        Span<HeldValue> held = new HeldValue[parts.Length];
        long length = 0;
        for (var i = 0; i < parts.Length && state.Error is null; i++)
        {
            var used = scratch.Used;
            var value = parts[i].Evaluate(row);
            if (value.IsNull)
            {
                scratch.Release(used);
                continue;
            }

            held[i] = scratch.Settle(used, Value.OfText(Conversion.Text(value, scratch)));
            length += held[i].Length + separator.Length;
            if (length - separator.Length > Evaluation.MostTextBytes)
            {
                return state.Fail($"{name}: the result is longer than {Evaluation.MostTextBytes} bytes");
            }
        }

        if (state.Error is not null || !state.TryTake(length, name, out var result))
        {
            return Value.Null;
        }

        var joined = result[..Fill(result, held, separator, name == "CONCAT_WS", scratch)];
        return scratch.View(scratch.Settle(start, Value.OfText(joined)));
    }

    private static int Fill(
        Span<byte> result, ReadOnlySpan<HeldValue> held, ReadOnlySpan<byte> separator, bool skipsNulls, Scratch scratch)
    {
        var used = 0;
        var isFirst = true;
        foreach (var part in held)
        {
            if (skipsNulls && part.Kind == ValueKind.Null)
            {
                continue;
            }

            if (!isFirst)
            {
                separator.CopyTo(result[used..]);
                used += separator.Length;
            }

            isFirst = false;

            scratch.View(part).Bytes.CopyTo(result[used..]);
            used += part.Length;
        }

        return used;
    }
}
