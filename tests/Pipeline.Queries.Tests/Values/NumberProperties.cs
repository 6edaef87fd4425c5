using System.Globalization;
using System.Text.Json;
using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Values;

public sealed class NumberProperties
{
    [Fact]
    public void A_float_is_written_with_the_fewest_digits_that_read_back_as_it()
    {
        var random = new Random(1);
        var run = new Run("SELECT x * 1.0 AS x FROM input");
        for (var i = 0; i < 20_000; i++)
        {
            var value = random.Next(4) switch
            {
                0 => Math.Round(random.NextDouble() * 1000, random.Next(7)),
                1 => random.Next(-100_000, 100_000) / 8.0,
                2 => BitConverter.Int64BitsToDouble(random.NextInt64()),
                _ => random.NextDouble() * Math.Pow(10, random.Next(-10, 20)),
            };
            if (!double.IsFinite(value))
            {
                continue;
            }

            run.Event($"{{\"x\":{value.ToString("R", CultureInfo.InvariantCulture)}}}");
            var text = run.Output.Values[^1][5..^1];
            var shortest = value.ToString("R", CultureInfo.InvariantCulture);
            Assert.Equal(shortest.Contains('.') || shortest.Contains('E') ? shortest : shortest + ".0", text);
            Assert.Equal(value, JsonDocument.Parse(text).RootElement.GetDouble());
        }
    }

    [Fact]
    public void A_number_is_read_as_the_nearest_double_or_the_exact_integer()
    {
        var random = new Random(2);
        var run = new Run("SELECT CAST(x AS float) AS f, x + 0 AS i FROM input");
        for (var i = 0; i < 20_000; i++)
        {
            var digits = random.NextInt64().ToString(CultureInfo.InvariantCulture)[..random.Next(1, 18)];
            var text = digits + (random.Next(2) == 0 ? "" : "." + random.Next(1, 1_000_000));
            run.Event($"{{\"x\":{text}}}");
            using var result = JsonDocument.Parse(run.Output.Values[^1]);
            Assert.Equal(
                double.Parse(text, CultureInfo.InvariantCulture), result.RootElement.GetProperty("f").GetDouble());
            Assert.True(text.Contains('.')
                || result.RootElement.GetProperty("i").GetRawText() == text.TrimStart('0').PadLeft(1, '0'));
        }
    }

    [Theory]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("1e2", "100.0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("0.1", "0.1")]
    [InlineData("123456789.1234", "123456789.1234")]
    [InlineData("1e400", null)]
    [InlineData("9223372036854775808", null)]
    public void Edge_numbers(string text, string? expected)
    {
        var run = new Run("SELECT x * 1 AS x FROM input").Event($"{{\"x\":{text}}}");
        Assert.Equal(expected is null ? [] : [$"{{\"x\":{expected}}}"], run.Output.Values);
        Assert.Equal(expected is null ? 1 : 0, run.Output.Rejected.Count);
    }
}
