using System.Text;

namespace Pipeline.Queries.Expressions;

/// <summary>
/// LIKE: % is any text, _ one character, [a-f] and [^xyz] one of a set; a wildcard in brackets stands for itself. Case
/// counts.
/// </summary>
internal static class LikePattern
{
    public static bool Matches(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern) => TryFind(text, pattern, out _);

    /// <summary>
    /// Also where what stands behind the pattern's first % begins, in bytes: the first place there is, since what
    /// follows is found the better the earlier that is.
    /// </summary>
    public static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern, out int start)
    {
        var length = text.Length;
        var isFixed = pattern.IsEmpty || pattern[0] != (byte)'%';
        var first = pattern.TrimStart((byte)'%').Length;
        start = 0;
        // Greedy with one way back: the last % is enough, as an earlier one can only match less.
        ReadOnlySpan<byte> retryText = default, retryPattern = default;
        var mayRetry = false;
        while (true)
        {
            if (!pattern.IsEmpty && pattern[0] == (byte)'%')
            {
                pattern = pattern[1..];
                retryText = text;
                retryPattern = pattern;
                mayRetry = true;
                isFixed |= pattern.Length < first || first == 0;
                start = isFixed ? start : length - text.Length;
                continue;
            }

            if (text.IsEmpty && pattern.IsEmpty)
            {
                return true;
            }

            if (!text.IsEmpty && !pattern.IsEmpty && TryMatchOne(ref text, ref pattern))
            {
                continue;
            }

            if (!mayRetry || retryText.IsEmpty)
            {
                return false;
            }

            Take(ref retryText);
            text = retryText;
            pattern = retryPattern;
            start = isFixed ? start : length - text.Length;
        }
    }

    private static bool TryMatchOne(ref ReadOnlySpan<byte> text, ref ReadOnlySpan<byte> pattern)
    {
        var character = Take(ref text);
        if (pattern[0] == (byte)'[' && pattern.Length > 2 && pattern[2..].IndexOf((byte)']') is var close and >= 0)
        {
            var set = pattern.Slice(1, close + 1);
            pattern = pattern[(close + 3)..];
            return IsInSet(character, set);
        }

        var wanted = Take(ref pattern);
        return wanted.Value == '_' || wanted == character;
    }

    private static bool IsInSet(Rune character, ReadOnlySpan<byte> set)
    {
        var not = set.Length > 1 && set[0] == (byte)'^';
        set = not ? set[1..] : set;
        while (!set.IsEmpty)
        {
            var low = Take(ref set);
            var high = low;
            if (set.Length > 1 && set[0] == (byte)'-')
            {
                set = set[1..];
                high = Take(ref set);
            }

            if (character >= low && character <= high)
            {
                return !not;
            }
        }

        return not;
    }

    private static Rune Take(ref ReadOnlySpan<byte> text)
    {
        Rune.DecodeFromUtf8(text, out var rune, out var length);
        text = text[length..];
        return rune;
    }
}
