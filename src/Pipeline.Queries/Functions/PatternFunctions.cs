using System.Runtime.InteropServices;
using System.Text;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Functions;

/// <summary>Functions that find a pattern in a text: its place from 1 in characters, or 0.</summary>
internal static class PatternFunctions
{
    private const int MostPatternBytes = 8_000;

    public static ScalarFunction[] All { get; } =
    [
        new("PATINDEX", [ParameterKind.Text, ParameterKind.Text], 2, ValueKind.Bigint, PatIndex),
        new("REGEXMATCH", [ParameterKind.Text, ParameterKind.Regex], 2, ValueKind.Bigint, RegexMatch),
    ];

    private static Value PatIndex(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryText(row, arguments[0], "PATINDEX", out var pattern)
            || !Arguments.TryText(row, arguments[1], "PATINDEX", out var text))
        {
            return Value.Null;
        }

        if (pattern.Length > MostPatternBytes)
        {
            return row.State.Fail($"PATINDEX: the pattern has {pattern.Length} bytes, more than {MostPatternBytes}");
        }

        return Value.Of(LikePattern.TryFind(text, pattern, out var start) ? Utf8Text.Count(text[..start]) + 1L : 0L);
    }

    private static Value RegexMatch(scoped in Row row, Expression[] arguments)
    {
        if (!Arguments.TryText(row, arguments[0], "REGEXMATCH", out var text)
            || arguments[1] is not RegexExpression { Regex: var regex }
            || !row.State.TryTake((long)text.Length * sizeof(char), "REGEXMATCH", out var memory))
        {
            return Value.Null;
        }

        var characters = MemoryMarshal.Cast<byte, char>(memory);
        characters = characters[..Encoding.UTF8.GetChars(text, characters)];
        foreach (var match in regex.EnumerateMatches(characters))
        {
            return Value.Of(Runes(characters[..match.Index]) + 1);
        }

        return Value.Of(0L);
    }

    private static long Runes(ReadOnlySpan<char> characters)
    {
        long count = 0;
        foreach (var unit in characters)
        {
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return count;
    }
}
