using System.Globalization;
using Pipeline.Queries.Functions;
using Pipeline.Queries.Joins;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>Reads DATEDIFF of both sources' names in ON.</summary>
internal static class JoinTimes
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(7);

    /// <summary>
    /// Whether a part of ON bounds the time between both; null for <paramref name="bound"/> where it does so wrongly,
    /// which is reported.
    /// </summary>
    public static bool TryRead(SyntaxNode part, string left, string right, ErrorList errors, out JoinBound? bound)
    {
        bound = null;
        var (call, low, high) = part switch
        {
            BetweenSyntax { Not: false } between => (between.Operand, between.Low, between.High),
            BinarySyntax { Operator: "=" } b when IsCall(b.Left) => (b.Left, b.Right, b.Right),
            BinarySyntax { Operator: "=" } b => (b.Right, b.Left, b.Left),
            BinarySyntax { Operator: "<" or "<=" } b when IsCall(b.Left) => (b.Left, null, b.Right),
            BinarySyntax { Operator: "<" or "<=" } b => (b.Right, b.Left, null),
            BinarySyntax { Operator: ">" or ">=" } b when IsCall(b.Left) => (b.Left, b.Right, null),
            BinarySyntax { Operator: ">" or ">=" } b => (b.Right, null, b.Left),
            _ => (part, null, null),
        };
        if (call is not CallSyntax { Arguments: [var unit, var from, var to] } difference || !IsCall(difference)
            || Side(from, left, right) is not { } first || Side(to, left, right) is not { } second || first == second)
        {
            return false;
        }

        var step = part is BinarySyntax { Operator: "<" or ">" } ? 1 : 0;
        if (unit is not PathSyntax { Steps: [{ Name: { } word }] } || !DatePartName.TryParse(word, out var name)
            || name == DatePart.Week || DatePartName.Ticks(name) == 0)
        {
            errors.Add(unit.At, "DATEDIFF in ON counts day, hour, minute, second, millisecond or microsecond");
            return true;
        }

        var ticks = DatePartName.Ticks(name);
        if (ReferenceEquals(part, call) || !TryNumber(low, ticks, errors, out var least)
            || !TryNumber(high, ticks, errors, out var most))
        {
            if (ReferenceEquals(part, call))
            {
                errors.Add(part.At, "a condition was expected, such as DATEDIFF(second, a, b) BETWEEN 0 AND 10");
            }

            return true;
        }

        (least, most) = (least + step, most - step);
        bound = first == left ? new JoinBound(ticks, least, most) : new JoinBound(ticks, -most, -least);
        return true;
    }

    private static bool IsCall(SyntaxNode node) => node is CallSyntax { Over: null, Star: false, Distinct: false } call
        && call.Name.Equals("DATEDIFF", StringComparison.OrdinalIgnoreCase);

    private static string? Side(SyntaxNode node, string left, string right) =>
        node is not PathSyntax { Steps: [{ Name: { } name }] } ? null
        : name.Equals(left, StringComparison.OrdinalIgnoreCase) ? left
        : name.Equals(right, StringComparison.OrdinalIgnoreCase) ? right
        : null;

    /// <summary>A number of units, or null where there is no node; false after a mistake.</summary>
    private static bool TryNumber(SyntaxNode? node, long unit, ErrorList errors, out long? number)
    {
        number = null;
        if (node is null)
        {
            return true;
        }

        var (sign, literal) = node is UnarySyntax { Operator: "-" or "+" } signed
            ? (signed.Operator == "-" ? -1 : 1, signed.Operand)
            : (1, node);
        if (literal is not LiteralSyntax { Kind: LiteralKind.Number, Text: var text }
            || !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            errors.Add(node.At, "a whole number was expected: how far the times of a JOIN lie apart is fixed");
            return false;
        }

        if (value < -Most.Ticks / unit || value > Most.Ticks / unit)
        {
            errors.Add(node.At, "the times of a JOIN lie at most 7 days apart");
            return false;
        }

        number = sign * value;
        return true;
    }
}
