using System.Globalization;
using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Operators;

public sealed class ResultLimitTests
{
    private const string TooLarge = "the result is larger than 1048576 bytes (maxEvent)";

    [Theory]
    [InlineData(300)]
    [InlineData(2_000)]
    public void A_wide_projection_of_a_long_text_is_given_up_at_the_limit_not_behind_it(int columns)
    {
        var names = Enumerable.Range(0, columns).Select(i => $"v AS c{i.ToString(CultureInfo.InvariantCulture)}");
        Check($"SELECT {string.Join(", ", names)} FROM input", Text(900_000));
    }

    [Theory]
    [InlineData("UPPER(v)")]
    [InlineData("LOWER(v)")]
    [InlineData("CONCAT(v, 1)")]
    [InlineData("CONCAT_WS('-', v, v)")]
    [InlineData("REPLACE(v, 'x', 'yz')")]
    [InlineData("v + v")]
    [InlineData("CAST(v AS nvarchar(max)) + 'x'")]
    public void Computed_columns_are_too(string expression)
    {
        var names = Enumerable.Range(0, 500)
            .Select(i => $"{expression} AS c{i.ToString(CultureInfo.InvariantCulture)}");
        Check($"SELECT {string.Join(", ", names)} FROM input", Text(600_000));
    }

    [Fact]
    public void Star_with_columns_is_too() => Check("SELECT *, v AS w FROM input", Text(600_000));

    [Fact]
    public void A_text_that_grows_by_its_escapes_is_too() =>
        Check("SELECT v + '' AS w FROM input", $"{{\"v\":\"{string.Concat(Enumerable.Repeat("\\u0001", 170_000))}\"}}",
            "SELECT CONCAT(v, v) AS w FROM input");

    [Theory]
    [InlineData("CONCAT(k, k)")]
    [InlineData("k + k")]
    [InlineData("REPLACE(k, SUBSTRING(k, 1, 1), CONCAT(SUBSTRING(k, 1, 1), SUBSTRING(k, 1, 1)))")]
    [InlineData("CONCAT_WS('', k, k)")]
    public void Steps_that_double_a_text_end_at_the_limit(string twice)
    {
        var steps = Enumerable.Range(1, 60).Select(i => $"s{i} AS (SELECT {twice} AS k FROM s{i - 1})");
        Check($"WITH s0 AS (SELECT k FROM input), {string.Join(", ", steps)} SELECT k FROM s60", """{"k":"1"}""");
    }

    [Fact]
    public void One_expression_that_doubles_a_text_ends_at_the_limit_of_a_text()
    {
        var expression = "k";
        for (var i = 0; i < 7; i++)
        {
            expression = $"CONCAT({expression}, {expression})";
        }

        Check($"SELECT LEN({expression}) AS n FROM input", $"{{\"k\":\"{new string('k', 1_000_000)}\"}}", null,
            "CONCAT: the result is longer than 16777216 bytes", 400 << 20);
    }

    [Fact]
    public void Many_texts_in_one_expression_end_at_the_limit_of_an_event()
    {
        var sum = string.Join(" + ", Enumerable.Range(0, 400).Select(_ => "LEN(UPPER(v))"));
        Check($"SELECT {sum} AS n FROM input", Text(900_000), null,
            "UPPER: the texts of one event take more than 67108864 bytes", 400 << 20);
    }

    [Fact]
    public void Conditions_give_back_what_they_needed()
    {
        var any = string.Join(" OR ", Enumerable.Range(0, 200).Select(_ => "UPPER(v) = 'a'"));
        var run = new Run($"SELECT 1 AS one FROM input WHERE NOT ({any})").Event(Text(900_000));
        Assert.Equal(["""{"one":1}"""], run.Output.Values);
    }

    [Fact]
    public void A_result_of_exactly_the_limit_passes_and_one_byte_more_does_not()
    {
        var run = new Run("SELECT v FROM input").Event(Text((1 << 20) - 8)).Event(Text((1 << 20) - 7));
        Assert.Equal(1 << 20, Assert.Single(run.Output.Values).Length);
        Assert.Equal(TooLarge, Assert.Single(run.Output.Reasons));
    }

    [Fact]
    public void The_result_of_a_window_that_is_too_large_is_a_dead_letter_that_names_window_and_group()
    {
        var run = new Run("SELECT k, MAX(CAST(v AS nvarchar(max))) AS a, MIN(CAST(v AS nvarchar(max))) AS b FROM "
                + "input GROUP BY k, TumblingWindow(second, 10)")
            .Event($"{{\"k\":\"long{new string('k', 2_000)}\",\"v\":\"{new string('v', 600_000)}\"}}", 1)
            .Event("""{"k":"short","v":"v"}""", 1).Watermark(11);
        Assert.Equal(["""{"k":"short","a":"v","b":"v"}"""], run.Output.Values);
        Assert.Equal(TooLarge, Assert.Single(run.Output.Reasons));
        var letter = Assert.Single(run.Output.Rejected);
        Assert.StartsWith(
            """{"windowEnd":"2026-01-01T00:00:10Z","group":["longkkk""", letter, StringComparison.Ordinal);
        Assert.EndsWith("kkk…\"]}", letter, StringComparison.Ordinal);
        Assert.InRange(letter.Length, 1_000, 1_100);
    }

    [Fact]
    public void A_group_s_values_and_a_pattern_have_limits()
    {
        var run = new Run("SELECT COUNT(*) AS n FROM input GROUP BY UPPER(v), LOWER(v), TumblingWindow(second, 10)")
            .Event(Text(600_000));
        Assert.Equal("GROUP BY: the values of the group are longer than 1048576 bytes", run.Output.Reasons.Single());
        var like = new Run("SELECT 1 AS one FROM input WHERE 'a' LIKE v").Event(Text(8_001));
        Assert.Equal("LIKE: the pattern has 8001 bytes, more than 8000", like.Output.Reasons.Single());
    }

    private static string Text(int length) => $"{{\"v\":\"{new string('x', length)}\"}}";

    /// <summary>The event is rejected, the next one is not, and little memory was taken on the way.</summary>
    private static void Check(
        string query, string json, string? then = null, string reason = TooLarge, long mostBytes = 48 << 20)
    {
        var run = new Run(then ?? query);
        var before = GC.GetAllocatedBytesForCurrentThread();
        run.Event(json);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Empty(run.Output.Values);
        Assert.Equal(reason, Assert.Single(run.Output.Reasons));
        Assert.InRange(taken, 0, mostBytes);
        run.Event("""{"v":"x","k":""}""");
        Assert.Single(run.Output.Values);
    }
}
