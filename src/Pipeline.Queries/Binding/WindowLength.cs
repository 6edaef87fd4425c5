using System.Globalization;
using Pipeline.Queries.Functions;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>Reads lengths of windows: a unit and a number of them, which may have a fraction.</summary>
internal sealed class WindowLength(ErrorList errors)
{
    private const decimal Most = 1e12m;

    /// <summary>Ticks of <c>word(unit, n)</c>.</summary>
    public long Of(SyntaxNode node, string word)
    {
        if (node is CallSyntax { Arguments.Count: 2 } call
            && call.Name.Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            return Of(call.Arguments[0], call.Arguments[1]);
        }

        errors.Add(node.At, $"{word}(unit, n) was expected");
        return 0;
    }

    /// <summary>Ticks.</summary>
    public long Of(SyntaxNode unit, SyntaxNode count)
    {
        if (unit is not PathSyntax word || !DatePartName.TryParse(word.ToString(), out var part)
            || part is DatePart.WeekDay or DatePart.DayOfYear || DatePartName.Ticks(part) == 0)
        {
            errors.Add(unit.At, "week, day, hour, minute, second, millisecond or microsecond was expected");
            return 0;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
            | NumberStyles.AllowExponent;
        if (count is not LiteralSyntax { Kind: LiteralKind.Number } number
            || !decimal.TryParse(number.Text, Style, CultureInfo.InvariantCulture, out var units)
            || Math.Abs(units) > Most)
        {
            errors.Add(count.At, "a number was expected");
            return 0;
        }

        // What is beyond the longest window is cut, so that it does not overflow; it is too long all the same.
        var ticks = Math.Clamp(units * DatePartName.Ticks(part), long.MinValue / 4, long.MaxValue / 4);
        if (ticks != decimal.Truncate(ticks))
        {
            errors.Add(count.At, "a whole number of 100 ns was expected: no time is told finer");
        }

        return (long)ticks;
    }
}
