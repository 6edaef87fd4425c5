namespace Pipeline.Queries.Tests.Expressions;

public sealed class FunctionTests
{
    private const string Event = """
        {"i":7,"f":2.5,"t":"Straße","s":"  a b  ","z":null,"d":"2024-02-29T23:59:59.1234567Z","b":false,"r":{"x":1},
        "e":"tab\tquote\" \ud83d\ude00","min":-9223372036854775808}
        """;

    [Theory]
    [InlineData("LEN(t)", "6")]
    [InlineData("LEN(e)", "12")]
    [InlineData("LEN(z)", "null")]
    [InlineData("LEN(i)", "! LEN: nvarchar(max) was expected, 7 is bigint")]
    [InlineData("UPPER('abc')", "\"ABC\"")]
    [InlineData("UPPER('é')", "\"É\"")]
    [InlineData("LOWER('ÀBC')", "\"àbc\"")]
    [InlineData("TRIM(s)", "\"a b\"")]
    [InlineData("LTRIM(s)", "\"a b  \"")]
    [InlineData("RTRIM(s)", "\"  a b\"")]
    [InlineData("SUBSTRING(t, 5, 1)", "\"ß\"")]
    [InlineData("SUBSTRING(t, 5, 99)", "\"ße\"")]
    [InlineData("SUBSTRING(t, 0, 3)", "\"St\"")]
    [InlineData("SUBSTRING(t, -5, 3)", "\"\"")]
    [InlineData("SUBSTRING(t, 9, 3)", "\"\"")]
    [InlineData("SUBSTRING(t, 2, 9223372036854775807)", "\"traße\"")]
    [InlineData("SUBSTRING(t, 1, -1)", "! SUBSTRING: the length -1 is negative")]
    [InlineData("REPLACE(t, 'aß', 'o')", "\"Stroe\"")]
    [InlineData("REPLACE('aaa', 'a', 'bb')", "\"bbbbbb\"")]
    [InlineData("REPLACE('aaa', '', 'x')", "\"aaa\"")]
    [InlineData("CHARINDEX('ß', t)", "5")]
    [InlineData("CHARINDEX('t', t, 3)", "0")]
    [InlineData("CONCAT(t, z, i, b)", "\"Straße70\"")]
    [InlineData("CONCAT(f, '-', r)", "\"2.5-{\\\"x\\\":1}\"")]
    [InlineData("CONCAT_WS('/', 'a', z, 'b')", "\"a/b\"")]
    [InlineData("CONCAT(e, '')", "\"tab\\tquote\\\" 😀\"")]
    public void Text_functions(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("ABS(-3)", "3")]
    [InlineData("ABS(-2.5)", "2.5")]
    [InlineData("ABS(min)", "! ABS(-9223372036854775808): the result does not fit bigint")]
    [InlineData("CEILING(f)", "3.0")]
    [InlineData("CEILING(i)", "7")]
    [InlineData("FLOOR(-2.5)", "-3.0")]
    [InlineData("ROUND(f, 0)", "3.0")]
    [InlineData("ROUND(-2.5, 0)", "-3.0")]
    [InlineData("ROUND(2.345, 1)", "2.3")]
    [InlineData("ROUND(1234.5, -2)", "1200.0")]
    [InlineData("ROUND(1250, -2)", "1300")]
    [InlineData("ROUND(-1250, -2)", "-1300")]
    [InlineData("ROUND(9223372036854775807, -1)", "! ROUND(9223372036854775807, -1): the result does not fit bigint")]
    [InlineData("SIGN(-4)", "-1")]
    [InlineData("SIGN(f)", "1.0")]
    [InlineData("SQRT(16)", "4.0")]
    [InlineData("SQRT(-1)", "! SQRT: the result is not a finite number")]
    [InlineData("POWER(2, 10)", "1024.0")]
    [InlineData("SQUARE(3)", "9.0")]
    [InlineData("EXP(0)", "1.0")]
    [InlineData("LOG(1)", "0.0")]
    [InlineData("LOG(8, 2)", "3.0")]
    [InlineData("LOG10(1000)", "3.0")]
    [InlineData("LOG(0)", "! LOG: the result is not a finite number")]
    public void Math_functions(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("YEAR(d)", "2024")]
    [InlineData("MONTH(d)", "2")]
    [InlineData("DAY(d)", "29")]
    [InlineData("DATEPART(hour, d)", "23")]
    [InlineData("DATEPART(mi, d)", "59")]
    [InlineData("DATEPART(ss, d)", "59")]
    [InlineData("DATEPART(ms, d)", "123")]
    [InlineData("DATEPART(mcs, d)", "123456")]
    [InlineData("DATEPART(dayofyear, d)", "60")]
    [InlineData("DATEPART(quarter, d)", "1")]
    [InlineData("DATEPART(weekday, d)", "5")]
    [InlineData("DATEPART(week, d)", "9")]
    [InlineData("DATEPART(week, '2024-01-07')", "2")]
    [InlineData("DATENAME(month, d)", "\"February\"")]
    [InlineData("DATENAME(weekday, d)", "\"Thursday\"")]
    [InlineData("DATENAME(year, d)", "\"2024\"")]
    [InlineData("DATEADD(year, 1, d)", "\"2025-02-28T23:59:59.1234567Z\"")]
    [InlineData("DATEADD(month, -1, '2024-03-31')", "\"2024-02-29T00:00:00Z\"")]
    [InlineData("DATEADD(second, 1, d)", "\"2024-03-01T00:00:00.1234567Z\"")]
    [InlineData("DATEADD(millisecond, 500, '2024-01-01')", "\"2024-01-01T00:00:00.500Z\"")]
    [InlineData("DATEADD(second, 1767225600.75, '1970-01-01T00:00:00Z')", "\"2026-01-01T00:00:00Z\"")]
    [InlineData("DATEADD(second, -0.75, '1970-01-01T00:00:00Z')", "\"1970-01-01T00:00:00Z\"")]
    [InlineData("DATEADD(month, f, '2024-01-31')", "\"2024-03-31T00:00:00Z\"")]
    [InlineData("DATEADD(day, -1.5e0, '2024-01-31')", "\"2024-01-30T00:00:00Z\"")]
    [InlineData("DATEADD(day, 1e300, '2024-01-31')", "! DATEADD: 1E+300 does not fit bigint")]
    [InlineData("DATEADD(microsecond, -9223372036854775808, d)",
        "! DATEADD: -9223372036854775808 leads outside the years 1 to 9999")]
    [InlineData("DATEADD(day, t, d)", "! DATEADD: float was expected, 'Straße' is nvarchar(max)")]
    [InlineData("DATEADD(day, z, d)", "null")]
    [InlineData("DATEDIFF(microsecond, '0001-01-01', '9999-12-31T23:59:59.999999Z')", "315537897599999999")]
    [InlineData("DATEDIFF(second, '2024-01-01T00:00:01Z', '2024-01-01T00:00:00.9999999Z')", "-1")]
    [InlineData("DATEDIFF(month, '2024-01-31', '2023-12-31')", "-1")]
    [InlineData("DATEPART(second, '2024-01-01T00:00:59.9999999Z')", "59")]
    [InlineData("DATEPART(millisecond, '0001-01-01T00:00:00.9999999Z')", "999")]
    [InlineData("DATEPART(year, '9999-12-31T23:59:59.9999999Z')", "9999")]
    [InlineData("DATEADD(year, 9999, d)", "! DATEADD: 9999 leads outside the years 1 to 9999")]
    [InlineData(
        "DATEADD(day, 9223372036854775807, d)",
        "! DATEADD: 9223372036854775807 leads outside the years 1 to 9999")]
    [InlineData("DATEDIFF(day, '2024-02-28T23:59:59', d)", "1")]
    [InlineData("DATEDIFF(year, '2023-12-31', '2024-01-01')", "1")]
    [InlineData("DATEDIFF(month, d, '2023-12-31')", "-2")]
    [InlineData("DATEDIFF(second, '2024-02-29T23:59:58.9', d)", "1")]
    [InlineData("DATEDIFF(week, '2024-02-24', '2024-02-25')", "1")]
    [InlineData("DATEDIFF(quarter, '2024-03-31', '2024-04-01')", "1")]
    [InlineData("DATEDIFF(second, z, d)", "null")]
    [InlineData("YEAR(t)", "! YEAR: datetime was expected, 'Straße' is nvarchar(max)")]
    public void Time_functions(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("CAST('42' AS bigint)", "42")]
    [InlineData("CAST(' 42 ' AS bigint)", "42")]
    [InlineData("CAST(2.9 AS bigint)", "2")]
    [InlineData("CAST(-2.9 AS bigint)", "-2")]
    [InlineData("CAST(b AS bigint)", "0")]
    [InlineData("CAST(1e30 AS bigint)", "! CAST of 1E+30 (float) to bigint")]
    [InlineData("CAST('4.2' AS bigint)", "! CAST of '4.2' (nvarchar(max)) to bigint")]
    [InlineData("CAST(t AS bigint)", "! CAST of 'Straße' (nvarchar(max)) to bigint")]
    [InlineData("TRY_CAST(t AS bigint)", "null")]
    [InlineData("TRY_CAST('4.2' AS float)", "4.2")]
    [InlineData("CAST(i AS float)", "7.0")]
    [InlineData("CAST(i AS nvarchar(max))", "\"7\"")]
    [InlineData("CAST(f AS nvarchar(max))", "\"2.5\"")]
    [InlineData("CAST(r AS nvarchar(max))", "\"{\\\"x\\\":1}\"")]
    [InlineData("CAST(CAST(d AS datetime) AS nvarchar(max))", "\"2024-02-29T23:59:59.1234567Z\"")]
    [InlineData("CAST('2024-05-01 10:20' AS datetime)", "\"2024-05-01T10:20:00Z\"")]
    [InlineData("CAST('2024-05-01T10:20:30+02:00' AS datetime)", "\"2024-05-01T08:20:30Z\"")]
    [InlineData("TRY_CAST('2023-02-29' AS datetime)", "null")]
    [InlineData("CAST(1 AS bit)", "true")]
    [InlineData("CAST('false' AS bit)", "false")]
    [InlineData("TRY_CAST('maybe' AS bit)", "null")]
    [InlineData("CAST(z AS bigint)", "null")]
    [InlineData("TRY_CAST(r AS bigint)", "null")]
    public void Casts(string expression, string expected) => Check(expression, expected);

    [Fact]
    public void A_result_that_would_fill_the_memory_is_an_error_of_the_event()
    {
        var expression = "'a'";
        for (var i = 0; i < 60; i++)
        {
            expression = $"REPLACE({expression}, 'a', 'aaaaaaaaaaaaaaaaa')";
        }

        Check(expression, "! REPLACE: the result is longer than 16777216 bytes");
    }

    private static void Check(string expression, string expected) => Evaluate.Check(Event, expression, expected);
}
