using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

public sealed class GroupByValueTests
{
    [Theory]
    [InlineData("1 1.0 1e0 10e-1 0.1E+1 1.000", "1:6")]
    [InlineData("0 -0 0.0 -0.0 0e5 -0E-3", "0:6")]
    [InlineData("1.5 1.50 15e-1 0.15e1", "1.5:4")]
    [InlineData("-2 -2.0 -20e-1", "-2:3")]
    [InlineData("1 \"1\" 1.0 \"1.0\"", "1:2 \"1\":1 \"1.0\":1")]
    [InlineData("true 1 \"true\"", "true:1 1:1 \"true\":1")]
    [InlineData("9007199254740992 9007199254740993 9007199254740992.0", "9007199254740992:2 9007199254740993:1")]
    [InlineData("9223372036854775807 9223372036854775806", "9223372036854775806:1 9223372036854775807:1")]
    [InlineData(
        "9223372036854775807.0 9223372036854775808.0 9223372036854775807",
        "9223372036854775807:1 9.223372036854776E+18:2")]
    [InlineData("1e300 10e299 1e-300", "1E-300:1 1E+300:2")]
    public void Numbers_are_grouped_by_their_value_and_texts_stay_texts(string values, string expected)
    {
        foreach (var more in new[] { "", "id, " })
        {
            var run = new Run($"SELECT k, COUNT(*) AS n FROM input GROUP BY {more}k, TumblingWindow(second, 10)");
            foreach (var value in values.Split(' '))
            {
                run.Event($"{{\"k\":{value},\"id\":\"a\"}}", 1).Restart();
            }

            run.Watermark(11);
            var groups = run.Output.Values.Select(v => v[5..^1].Replace(",\"n\"", "", StringComparison.Ordinal));
            Assert.Equal(expected, string.Join(' ', groups));
            Assert.Empty(run.Output.Reasons);
        }
    }

    [Fact]
    public void A_whole_number_of_more_than_64_bits_is_no_group()
    {
        var run = new Run("SELECT k, COUNT(*) AS n FROM input GROUP BY k, TumblingWindow(second, 10)")
            .Event("""{"k":9223372036854775808}""", 1).Watermark(11);
        Assert.Equal("9223372036854775808 is outside the range of bigint and float", run.Output.Reasons.Single());
    }

    [Theory]
    [InlineData("k", """{"k":1,"k":2}""", "1")]
    [InlineData("k", """{"K":1,"k":2,"k":3}""", "2")]
    [InlineData("k", """{"K":1,"K":2}""", "1")]
    [InlineData("d.k", """{"d":{"x":0},"d":{"k":2}}""", "null")]
    [InlineData("d.k", """{"d":{"k":1,"k":2},"d":{"k":3}}""", "1")]
    public void Of_several_members_of_one_name_the_first_counts_everywhere(string path, string json, string expected)
    {
        var text = expected == "null" ? "" : expected;
        var name = path[(path.LastIndexOf('.') + 1)..];
        var select = new Run($"SELECT {path} FROM input WHERE {path} = 1 OR {path} <> 1 OR {path} IS NULL").Event(json);
        Assert.Equal($"{{\"{name}\":{expected}}}", select.Output.Values.Single());
        var group = new Run($"SELECT {path} FROM input GROUP BY {path}, TumblingWindow(second, 10)").Event(json, 1);
        Assert.Equal($"{{\"{name}\":{expected}}}", group.Watermark(11).Output.Values.Single());
        if (text.Length > 0)
        {
            Assert.Equal(text, new Run("SELECT * FROM input", key: path).Event(json).Output.Keys.Single());
        }
    }

    [Fact]
    public void A_property_is_found_as_a_path_finds_it()
    {
        var run = new Run("SELECT GetRecordPropertyValue(r, 'k') AS a, r.k AS b FROM input")
            .Event("""{"r":{"K":1,"k":2,"k":3}}""").Event("""{"r":{"K":1,"K":2}}""");
        Assert.Equal(["""{"a":2,"b":2}""", """{"a":1,"b":1}"""], run.Output.Values);
    }
}
