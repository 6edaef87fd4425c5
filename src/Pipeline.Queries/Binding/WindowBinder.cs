using System.Globalization;
using Pipeline.Queries.Functions;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Reads <c>TumblingWindow(unit, size [, offset])</c>, <c>HoppingWindow(unit, size, hop [, offset])</c> and their forms
/// with <c>Duration(unit, n)</c>, <c>Hop(unit, n)</c>, <c>Offset(unit, n)</c>.
/// </summary>
internal sealed class WindowBinder(ErrorList errors)
{
    /// <summary>An hour by the second; every event costs time and memory in each of its windows.</summary>
    private const long MostWindowsAnEvent = 3_600;

    private const long MaxSize = 3650 * TimeSpan.TicksPerDay;

    public static bool IsWindow(string name) => IsTumbling(name) || IsHopping(name);

    public WindowShape? Bind(CallSyntax call)
    {
        var arguments = call.Arguments;
        var hopping = IsHopping(call.Name);
        var wordy = arguments.Count > 0 && arguments[0] is CallSyntax;
        var required = (hopping ? 2 : 1) + (wordy ? 0 : 1);
        if (arguments.Count < required || arguments.Count > required + 1)
        {
            errors.Add(call.At, $"{call.Name}: {Form(hopping)} was expected");
            return null;
        }

        var before = errors.Count;
        var size = wordy ? Length(arguments[0], "Duration") : Length(arguments[0], arguments[1]);
        var hop = !hopping ? size : wordy ? Length(arguments[1], "Hop") : Length(arguments[0], arguments[2]);
        var offset = arguments.Count == required ? 0
            : wordy ? Length(arguments[^1], "Offset") : Length(arguments[0], arguments[^1]);
        if (errors.Count > before)
        {
            return null;
        }

        if (size is <= 0 or > MaxSize || hop <= 0 || hop > size)
        {
            errors.Add(call.At, $"{call.Name}: 0 < hop <= size <= 3650 days was expected");
            return null;
        }

        if ((size + hop - 1) / hop is var windows and > MostWindowsAnEvent)
        {
            errors.Add(
                call.At,
                $"{call.Name}: every event would be in {windows} windows, at most {MostWindowsAnEvent} are allowed: "
                    + "make the hop longer or the size shorter");
            return null;
        }

        return new WindowShape(size, hop, offset % hop);
    }

    private static bool IsTumbling(string name) => name.Equals("TumblingWindow", StringComparison.OrdinalIgnoreCase);

    private static bool IsHopping(string name) => name.Equals("HoppingWindow", StringComparison.OrdinalIgnoreCase);

    private static string Form(bool hopping) => hopping
        ? "HoppingWindow(unit, size, hop [, offset]) or "
            + "HoppingWindow(Duration(unit, n), Hop(unit, n) [, Offset(unit, n)])"
        : "TumblingWindow(unit, size [, offset]) or TumblingWindow(Duration(unit, n) [, Offset(unit, n)])";

    private long Length(SyntaxNode node, string word)
    {
        if (node is CallSyntax { Arguments.Count: 2 } call
            && call.Name.Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            return Length(call.Arguments[0], call.Arguments[1]);
        }

        errors.Add(node.At, $"{word}(unit, n) was expected");
        return 0;
    }

    /// <summary>Ticks.</summary>
    private long Length(SyntaxNode unit, SyntaxNode count)
    {
        if (unit is not PathSyntax word || !DatePartName.TryParse(word.ToString(), out var part)
            || part is DatePart.WeekDay or DatePart.DayOfYear || DatePartName.Ticks(part) == 0)
        {
            errors.Add(unit.At, "week, day, hour, minute, second, millisecond or microsecond was expected");
            return 0;
        }

        if (count is not LiteralSyntax { Kind: LiteralKind.Number } number
            || !int.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var units))
        {
            errors.Add(count.At, "a whole number was expected");
            return 0;
        }

        return units * DatePartName.Ticks(part);
    }
}
