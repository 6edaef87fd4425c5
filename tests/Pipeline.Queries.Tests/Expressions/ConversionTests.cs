using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Expressions;

/// <summary>What is converted without CAST, and what of it <c>strict</c> refuses.</summary>
public sealed class ConversionTests
{
    private const string Event =
        """{"i":10,"f":2.5,"t":"10","r":"10.5","x":"hot","big":"9007199254740993","e":"","b":true,"z":null}""";

    [Theory]
    [InlineData("t + 1", "11")]
    [InlineData("1 + t", "11")]
    [InlineData("r * 2", "21.0")]
    [InlineData("f + t", "12.5")]
    [InlineData("' 5 ' + 1", "6")]
    [InlineData("t + t", "\"1010\"")]
    [InlineData("t - t", "! '10' - '10': numbers were expected, not nvarchar(max) and nvarchar(max)")]
    [InlineData("t + z", "null")]
    [InlineData("t = 10", "true")]
    [InlineData("10 = t", "true")]
    [InlineData("r > 10", "true")]
    [InlineData("big = 9007199254740993", "true")]
    [InlineData("big > 9007199254740992", "true")]
    [InlineData("t = i", "true")]
    [InlineData("t < r", "true")]
    [InlineData("t IN (9, 10)", "true")]
    [InlineData("i BETWEEN '9' AND '11'", "true")]
    [InlineData("CASE t WHEN 10 THEN 'ten' END", "\"ten\"")]
    [InlineData("NULLIF(i, '10')", "null")]
    [InlineData("t = TRUE", "! '10' (nvarchar(max)) cannot be compared with true (bit)")]
    [InlineData("e = 0", "! '' (nvarchar(max)) cannot be compared with 0 (bigint)")]
    [InlineData("i LIKE '1_'", "true")]
    [InlineData("ROUND(t, 0)", "10.0")]
    [InlineData("ROUND(r, t)", "10.5")]
    [InlineData("ROUND('10', 0)", "10.0")]
    [InlineData("ROUND(x, 0)", "! ROUND: float was expected, 'hot' is nvarchar(max)")]
    [InlineData("POWER(t, 2)", "100.0")]
    [InlineData("LEN(i)", "2")]
    [InlineData("UPPER(f)", "\"2.5\"")]
    [InlineData("SUBSTRING(big, '2', 3)", "\"007\"")]
    [InlineData("DATEADD(second, t, '2026-01-01')", "\"2026-01-01T00:00:10Z\"")]
    [InlineData("t & 3", "2")]
    public void A_text_beside_a_number_is_the_number_it_shows(string expression, string expected) =>
        Evaluate.Check(Event, expression, expected);

    [Theory]
    [InlineData("t + 1", "! '10' + 1: numbers were expected, not nvarchar(max) and bigint")]
    [InlineData("t = 10", "! '10' (nvarchar(max)) cannot be compared with 10 (bigint)")]
    [InlineData("i LIKE '1_'", "! 10 LIKE '1_': texts were expected")]
    [InlineData("ROUND(t, 0)", "! ROUND: float was expected, '10' is nvarchar(max)")]
    [InlineData("ROUND(f, t)", "! ROUND: bigint was expected, '10' is nvarchar(max)")]
    [InlineData("LEN(i)", "! LEN: nvarchar(max) was expected, 10 is bigint")]
    [InlineData("DATEADD(second, t, '2026-01-01')", "! DATEADD: float was expected, '10' is nvarchar(max)")]
    [InlineData("t & 3", "! bit or bigint was expected, '10' is nvarchar(max)")]
    [InlineData("b + 1", "2")]
    [InlineData("b = 1", "true")]
    [InlineData("CAST(t AS bigint) + 1", "11")]
    [InlineData("CONCAT(i, t)", "\"1010\"")]
    public void Strict_converts_nothing_but_by_CAST(string expression, string expected) =>
        Evaluate.Check(Event, expression, expected, isStrict: true);

    [Theory]
    [InlineData("'10' > 1", "1:13: nvarchar(max) cannot be compared with bigint")]
    [InlineData("'10' + 1", "1:8: + needs numbers, this is nvarchar(max)")]
    [InlineData("1 LIKE '1'", "1:8: LIKE needs nvarchar(max), this is bigint")]
    [InlineData("UPPER(5)", "1:14: UPPER: nvarchar(max) was expected, this is bigint")]
    [InlineData("ABS('1')", "1:12: ABS: number was expected, this is nvarchar(max)")]
    public void Strict_refuses_what_can_be_seen_before_any_event(string expression, string expected)
    {
        var text = $"SELECT {expression} AS x FROM input";
        var errors = QueryCompiler.Compile(text, Run.Options(isStrict: true)).Errors;
        Assert.Contains(expected, errors.Select(e => e.ToString()));
        Assert.Empty(QueryCompiler.Compile(text, Run.Options()).Errors);
    }

    [Theory]
    [InlineData("SUM(x)", "16.5")]
    [InlineData("AVG(x)", "5.5")]
    [InlineData("MIN(x)", "2.0")]
    [InlineData("MAX(x)", "10.0")]
    [InlineData("PERCENTILE_CONT(0.5) OVER (ORDER BY x)", "4.5")]
    [InlineData("TopOne(x) OVER (ORDER BY x)", "\"2\"")]
    public void An_aggregate_of_numbers_takes_texts_as_floats(string aggregate, string expected)
    {
        var query = $"SELECT {aggregate} AS v FROM input GROUP BY TumblingWindow(minute, 1)";
        var run = new Run(query).Event("""{"x":"10"}""", 1).Event("""{"x":"2"}""", 2).Event("""{"x":4.5}""", 3)
            .Event("""{"x":"hot"}""", 4).Restart().Watermark(1000);
        Assert.Equal([$"{{\"v\":{expected}}}"], run.Output.Values);
        Assert.Single(run.Output.Reasons);
        var strict = new Run(query, isStrict: true).Event("""{"x":"10"}""", 1);
        Assert.Single(strict.Output.Reasons);
    }

    [Fact]
    public void Times_as_texts_are_compared_as_times()
    {
        var run = new Run("SELECT MIN(t) AS lo, MAX(t) AS hi FROM input GROUP BY TumblingWindow(day, 1)")
            .Event("""{"t":"2026-01-01T00:00:01Z"}""", 1).Event("""{"t":"2026-01-01T00:00:01.5Z"}""", 2)
            .Event("""{"t":"2026-01-01T01:00:00+02:00"}""", 3).Watermark(1_000_000);
        Assert.Equal(["""{"lo":"2025-12-31T23:00:00Z","hi":"2026-01-01T00:00:01.500Z"}"""], run.Output.Values);
    }
}
