namespace Pipeline.Queries.Tests.Expressions;

public sealed class EvaluationTests
{
    private const string Event = """
        {"i":7,"n":-3,"f":2.5,"t":"Straße","u":"","b":true,"z":null,
        "big":9223372036854775807,"huge":92233720368547758080,
        "d":"2026-02-28T23:59:59.5Z","r":{"a":{"b":[10,{"c":"x"}]},"k":"v"},"arr":[1,"two",[3],null],"max":1e308}
        """;

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("7 / 2", "3")]
    [InlineData("-7 / 2", "-3")]
    [InlineData("-7 % 2", "-1")]
    [InlineData("7 / 2.0", "3.5")]
    [InlineData("i / n", "-2")]
    [InlineData("f * 2", "5.0")]
    [InlineData("i - -n", "4")]
    [InlineData("-f", "-2.5")]
    [InlineData("+i", "7")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("1e3", "1000.0")]
    [InlineData(".5 + i", "7.5")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("big - 1", "9223372036854775806")]
    [InlineData("big + 1", "! 9223372036854775807 + 1: the result does not fit bigint")]
    [InlineData("big * 2", "! 9223372036854775807 * 2: the result does not fit bigint")]
    [InlineData("-9223372036854775808 / -1", "! -9223372036854775808 / -1: the result does not fit bigint")]
    [InlineData("-9223372036854775808 % -1", "0")]
    [InlineData("-(big - big - i)", "7")]
    [InlineData("i / 0", "! 7 / 0: division by zero")]
    [InlineData("f / 0", "! 2.5 / 0: the result is not a finite number")]
    [InlineData("max * 10", "! 1E+308 * 10: the result is not a finite number")]
    [InlineData("huge", "92233720368547758080")]
    [InlineData("huge + 1", "! 92233720368547758080 is outside the range of bigint and float")]
    [InlineData("t + 1", "! 'Straße' + 1: numbers were expected, not nvarchar(max) and bigint")]
    [InlineData("t + 'n'", "\"Straßen\"")]
    [InlineData("z + 1", "null")]
    [InlineData("missing * 2", "null")]
    [InlineData("b + 1", "2")]
    [InlineData("1.5 * b", "1.5")]
    [InlineData("b + b", "! true + true: numbers were expected, not bit and bit")]
    public void Arithmetic(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("i > 6", "true")]
    [InlineData("i <> 7", "false")]
    [InlineData("i != 8", "true")]
    [InlineData("i >= 7.0", "true")]
    [InlineData("big = 9223372036854775807.0", "false")]
    [InlineData("big < 1e300", "true")]
    [InlineData("b = 1", "true")]
    [InlineData("z = NULL", "null")]
    [InlineData("z IS NULL", "true")]
    [InlineData("i IS NOT NULL", "true")]
    [InlineData("missing IS NULL", "true")]
    [InlineData("t = 'Straße'", "true")]
    [InlineData("t < 'T'", "true")]
    [InlineData("d > '2026-02-28'", "true")]
    [InlineData("CAST(d AS datetime) > '2026-02-28'", "true")]
    [InlineData("CAST(d AS datetime) > '2026-03-01'", "false")]
    [InlineData(
        "CAST(d AS datetime) > t",
        "! 2026-02-28T23:59:59.500Z (datetime) cannot be compared with 'Straße' (nvarchar(max))")]
    [InlineData("r = r", "true")]
    [InlineData("r > r", "! '{\"a\":{\"b\":[10,{\"c\":\"x\"}]},\"k\":\"v\"}' (record) cannot be compared with "
        + "'{\"a\":{\"b\":[10,{\"c\":\"x\"}]},\"k\":\"v\"}' (record)")]
    [InlineData("i BETWEEN 7 AND 8", "true")]
    [InlineData("i NOT BETWEEN 7 AND 8", "false")]
    [InlineData("z BETWEEN 1 AND 2", "null")]
    [InlineData("i IN (1, 7)", "true")]
    [InlineData("i IN (1, NULL)", "null")]
    [InlineData("i NOT IN (1, 2)", "true")]
    [InlineData("i NOT IN (1, NULL)", "null")]
    [InlineData("i > 'x'", "! 7 (bigint) cannot be compared with 'x' (nvarchar(max))")]
    public void Comparisons(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("z = 1 AND i = 7", "null")]
    [InlineData("z = 1 AND i = 8", "false")]
    [InlineData("i = 8 AND i / 0 = 1", "false")]
    [InlineData("z = 1 OR i = 7", "true")]
    [InlineData("z = 1 OR i = 8", "null")]
    [InlineData("i = 7 OR i / 0 = 1", "true")]
    [InlineData("NOT (z = 1)", "null")]
    [InlineData("NOT i = 8", "true")]
    [InlineData("b", "true")]
    [InlineData("b AND TRUE", "true")]
    [InlineData("b AND i", "! a condition was expected, 7 is bigint")]
    [InlineData("i = 7 OR i = 8 AND i = 9", "true")]
    public void Logic_has_three_values(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("t LIKE 'Str%'", "true")]
    [InlineData("t LIKE 'str%'", "false")]
    [InlineData("t LIKE '___ße'", "false")]
    [InlineData("t LIKE '____ß_'", "true")]
    [InlineData("t LIKE '%a%e'", "true")]
    [InlineData("t LIKE '%'", "true")]
    [InlineData("u LIKE ''", "true")]
    [InlineData("u LIKE '_'", "false")]
    [InlineData("t LIKE '[A-T]t%'", "true")]
    [InlineData("t LIKE '[^A-T]t%'", "false")]
    [InlineData("'10%' LIKE '10[%]'", "true")]
    [InlineData("'10x' LIKE '10[%]'", "false")]
    [InlineData("'aXbXc' LIKE '%X%X_'", "true")]
    [InlineData("t NOT LIKE 'x'", "true")]
    [InlineData("z LIKE 'x'", "null")]
    [InlineData("i LIKE '7%'", "true")]
    [InlineData("b LIKE 'x'", "! true LIKE 'x': texts were expected")]
    public void Patterns(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("CASE WHEN i > 5 THEN 'big' ELSE 'small' END", "\"big\"")]
    [InlineData("CASE i WHEN 6 THEN 'six' WHEN 7 THEN 'seven' END", "\"seven\"")]
    [InlineData("CASE z WHEN NULL THEN 1 END", "null")]
    [InlineData("CASE WHEN i = 7 THEN 1 ELSE i / 0 END", "1")]
    [InlineData("CASE WHEN i = 8 THEN i / 0 WHEN b THEN 2 END", "2")]
    [InlineData("IIF(f > 2, 'y', 'n')", "\"y\"")]
    [InlineData("COALESCE(z, missing, i, 9)", "7")]
    [InlineData("ISNULL(z, 1)", "1")]
    [InlineData("NULLIF(i, 7)", "null")]
    [InlineData("NULLIF(i, 8)", "7")]
    public void Choices(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("r.a.b[0]", "10")]
    [InlineData("r.a.b[1].c", "\"x\"")]
    [InlineData("r.a.b[2]", "null")]
    [InlineData("r.a.x.y", "null")]
    [InlineData("i.x", "null")]
    [InlineData("arr[1]", "\"two\"")]
    [InlineData("arr[2][0] + 1", "4")]
    [InlineData("input.i", "7")]
    [InlineData("R.A.B[0]", "10")]
    [InlineData("GetArrayLength(arr)", "4")]
    [InlineData("GetArrayLength(r)", "! GetArrayLength: array was expected, '{\"a\":{\"b\":[10,{\"c\":\"x\"}]},"
        + "\"k\":\"v\"}' is record")]
    [InlineData("GetArrayElement(arr, i - 5)", "[3]")]
    [InlineData("GetArrayElement(arr, 99)", "null")]
    [InlineData("GetRecordPropertyValue(r, 'k')", "\"v\"")]
    [InlineData("GetRecordPropertyValue(r, 'none')", "null")]
    [InlineData("GetType(i)", "\"bigint\"")]
    [InlineData("GetType(f)", "\"float\"")]
    [InlineData("GetType(r)", "\"record\"")]
    [InlineData("GetType(arr)", "\"array\"")]
    [InlineData("GetType(System.Timestamp())", "\"datetime\"")]
    [InlineData("r", """{"a":{"b":[10,{"c":"x"}]},"k":"v"}""")]
    public void Records_and_arrays(string expression, string expected) => Check(expression, expected);

    [Theory]
    [InlineData("i", " BETWEEN 0 AND 9", 200)]
    [InlineData("i", " IN (0, 1)", 200)]
    public void A_long_chain_is_evaluated_in_one_pass(string operand, string step, int times)
    {
        var run = new Running.Run($"SELECT 1 AS x FROM input WHERE {operand}{Repeat(step, times)}")
            .Event("""{"i":1}""");
        Assert.Single(run.Output.Values);
    }

    [Theory]
    [InlineData("CASE ", " WHEN 1 THEN 1 WHEN 2 THEN 2 END")]
    [InlineData("IIF(1 = ", ", 1, 2)")]
    [InlineData("(1 IN (", ", 7))")]
    [InlineData("NULLIF(", ", 3)")]
    public void Nesting_does_not_multiply_the_work(string before, string after)
    {
        var expression = $"{Repeat(before, 40)}1{Repeat(after, 40)}";
        Assert.Single(new Running.Run($"SELECT {expression} AS x FROM input").Event("{}").Output.Values);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static void Check(string expression, string expected) => Evaluate.Check(Event, expression, expected);
}
