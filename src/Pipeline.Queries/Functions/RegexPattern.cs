using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pipeline.Queries.Functions;

/// <summary>
/// Regular expressions whose time grows only with the text: without backtracking, and of bounded size. Case does not
/// count, a dot is any character, and \d \w \s are ASCII's, as in ECMAScript.
/// </summary>
internal static class RegexPattern
{
    private const int MostCharacters = 1_000;
    private const int MostStates = 1_000;

    /// <summary>False, and the reason, where the pattern cannot be used.</summary>
    public static bool TryCreate(string pattern, out Regex? regex, out string? error)
    {
        regex = null;
        error = null;
        if (pattern.Length > MostCharacters || IsLarge(pattern))
        {
            error = $"the pattern is too large: at most {MostCharacters} characters, and as many after repetitions "
                + "such as {3,20} are written out";
            return false;
        }

        try
        {
            const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
                | RegexOptions.Singleline | RegexOptions.CultureInvariant;
            regex = new Regex(WithAsciiClasses(pattern), Options);
            return true;
        }
        catch (NotSupportedException)
        {
            error = "back references, lookahead and lookbehind are not supported";
        }
        catch (RegexParseException wrong)
        {
            error = $"the pattern is no regular expression ({wrong.Error})";
        }

        return false;
    }

    private static string WithAsciiClasses(string pattern)
    {
        var text = new StringBuilder();
        var isInSet = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
            {
                i++;
                text.Append(Class(pattern[i]) is not { } set ? $"\\{pattern[i]}" : isInSet ? set : $"[{set}]");
                continue;
            }

            isInSet = pattern[i] == '[' || (isInSet && pattern[i] != ']');
            text.Append(pattern[i]);
        }

        return text.ToString();
    }

    /// <summary>What stands inside the brackets of a set.</summary>
    private static string? Class(char letter) => letter switch
    {
        'd' => "0-9",
        'D' => @"\x00-/:-\uFFFF",
        'w' => "a-zA-Z0-9_",
        'W' => @"\x00-/:-@\[-\^`{-\uFFFF",
        's' => @"\t-\r ",
        'S' => @"\x00-\x08\x0E-\x1F!-\uFFFF",
        _ => null,
    };

    /// <summary>Counts the characters there are when all repetitions are written out.</summary>
    private static bool IsLarge(string pattern)
    {
        var outer = new Stack<long>();
        long all = 0, last = 0;
        for (var i = 0; i < pattern.Length && all <= MostStates; i++)
        {
            switch (pattern[i])
            {
                case '(':
                    outer.Push(all);
                    (all, last) = (0, 0);
                    break;
                case ')' when outer.Count > 0:
                    last = Math.Max(all, 1);
                    all = outer.Pop() + last;
                    break;
                case '{' when Most(pattern, i) is { } times:
                    all += last * (times - 1);
                    last *= times;
                    break;
                default:
                    i += pattern[i] == '\\' ? 1 : 0;
                    all += last = 1;
                    break;
            }
        }

        return all > MostStates;
    }

    /// <summary>The larger number of {n}, {n,} or {n,m}; null where it is none of them.</summary>
    private static long? Most(string pattern, int at)
    {
        var end = pattern.IndexOf('}', at);
        if (end < 0)
        {
            return null;
        }

        long most = 1;
        foreach (var number in pattern[(at + 1)..end].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var times))
            {
                return null;
            }

            most = Math.Clamp(times, most, int.MaxValue);
        }

        return most;
    }
}
