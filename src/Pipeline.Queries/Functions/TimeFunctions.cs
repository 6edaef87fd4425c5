using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;
using static Pipeline.Queries.Functions.ParameterKind;

namespace Pipeline.Queries.Functions;

/// <summary>Functions of times. A date part's argument is a constant that the binder puts there: its number.</summary>
internal static class TimeFunctions
{
    public static ScalarFunction[] All { get; } =
    [
        new("DATEADD", [ParameterKind.DatePart, Number, Datetime], 3, ValueKind.Datetime, Add),
        new("DATEDIFF", [ParameterKind.DatePart, Datetime, Datetime], 3, ValueKind.Bigint, Difference),
        new("DATEPART", [ParameterKind.DatePart, Datetime], 2, ValueKind.Bigint, (scoped in row, a) =>
            Part(row, "DATEPART", PartOf(row, a[0]), a[1])),
        new("DATENAME", [ParameterKind.DatePart, Datetime], 2, ValueKind.Text, Name),
        new("DATETIMEFROMPARTS", [.. Enumerable.Repeat(Bigint, 7)], 7, ValueKind.Datetime, OfParts),
        new("YEAR", [Datetime], 1, ValueKind.Bigint, (scoped in row, a) =>
            Part(row, "YEAR", Functions.DatePart.Year, a[0])),
        new("MONTH", [Datetime], 1, ValueKind.Bigint, (scoped in row, a) =>
            Part(row, "MONTH", Functions.DatePart.Month, a[0])),
        new("DAY", [Datetime], 1, ValueKind.Bigint, (scoped in row, a) =>
            Part(row, "DAY", Functions.DatePart.Day, a[0])),
    ];

    private static DatePart PartOf(scoped in Row row, Expression argument) => (DatePart)argument.Evaluate(row).Bits;

    private static Value Part(scoped in Row row, string name, DatePart part, Expression argument) =>
        Arguments.TryTicks(row, argument, name, out var ticks) ? Value.Of(Calendar.Part(part, ticks)) : Value.Null;

    private static Value Add(scoped in Row row, Expression[] arguments)
    {
        var part = PartOf(row, arguments[0]);
        if (!Arguments.TryWhole(row, arguments[1], "DATEADD", out var count)
            || !Arguments.TryTicks(row, arguments[2], "DATEADD", out var ticks))
        {
            return Value.Null;
        }

        return Calendar.TryAdd(part, count, ticks, out var result)
            ? Value.OfTicks(result)
            : row.State.Fail($"DATEADD: {count} leads outside the years 1 to 9999");
    }

    private static Value OfParts(scoped in Row row, Expression[] arguments)
    {
        Span<long> parts = stackalloc long[7];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!Arguments.TryBigint(row, arguments[i], "DATETIMEFROMPARTS", out parts[i]))
            {
                return Value.Null;
            }
        }

        return Calendar.TryOf(parts, out var ticks)
            ? Value.OfTicks(ticks)
            : row.State.Fail($"DATETIMEFROMPARTS: there is no time {string.Join(", ", parts.ToArray())}");
    }

    private static Value Difference(scoped in Row row, Expression[] arguments) =>
        Arguments.TryTicks(row, arguments[1], "DATEDIFF", out var from)
            && Arguments.TryTicks(row, arguments[2], "DATEDIFF", out var to)
            ? Value.Of(Calendar.Difference(PartOf(row, arguments[0]), from, to))
            : Value.Null;

    private static Value Name(scoped in Row row, Expression[] arguments)
    {
        var part = PartOf(row, arguments[0]);
        var number = Part(row, "DATENAME", part, arguments[1]);
        if (number.IsNull)
        {
            return number;
        }

        return part switch
        {
            Functions.DatePart.Month => Value.OfText(MonthNames[(int)number.Bits - 1]),
            Functions.DatePart.WeekDay => Value.OfText(DayNames[(int)number.Bits - 1]),
            _ => Value.OfText(Conversion.Text(number, row.State.Scratch)),
        };
    }

    private static byte[][] MonthNames { get; } =
    [
        [.. "January"u8], [.. "February"u8], [.. "March"u8], [.. "April"u8], [.. "May"u8], [.. "June"u8],
        [.. "July"u8], [.. "August"u8], [.. "September"u8], [.. "October"u8], [.. "November"u8], [.. "December"u8],
    ];

    private static byte[][] DayNames { get; } =
    [
        [.. "Sunday"u8], [.. "Monday"u8], [.. "Tuesday"u8], [.. "Wednesday"u8], [.. "Thursday"u8], [.. "Friday"u8],
        [.. "Saturday"u8],
    ];
}
