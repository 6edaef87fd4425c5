using Pipeline.Cli.Testing;
using Xunit;

namespace Pipeline.Cli.Tests.Testing;

public sealed class RowDiffTests
{
    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("1", "10e-1", true)]
    [InlineData("-0.0", "0", true)]
    [InlineData("100", "1E2", true)]
    [InlineData("0.1", "0.10000000000000001", false)]
    [InlineData("9007199254740993", "9007199254740992", false)]
    [InlineData("1", "-1", false)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("1", "true", false)]
    [InlineData("null", "0", false)]
    [InlineData("\"a\\u0062\"", "\"ab\"", true)]
    [InlineData("{\"a\":1,\"b\":2}", "{ \"b\": 2.0, \"a\": 1 }", true)]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":null}", false)]
    [InlineData("[1,2]", "[2,1]", false)]
    public void Values_are_equal_by_what_they_are_worth(string left, string right, bool areEqual) =>
        Assert.Equal(areEqual, RowDiff.Of([left], [right], false) is null);

    [Fact]
    public void Rows_count_as_often_as_they_come_in_any_order()
    {
        Assert.Null(RowDiff.Of(["1", "2", "1"], ["1", "1", "2"], false));
        Assert.Equal("1 row missing, 1 row not expected", RowDiff.Of(["1", "2", "1"], ["1", "2", "2"], false)?.What);
        Assert.Equal("2 rows missing", RowDiff.Of(["1", "1"], [], false)?.What);
    }

    [Fact]
    public void Where_the_order_counts_the_first_row_out_of_it_is_named()
    {
        Assert.Null(RowDiff.Of(["1", "2"], ["1.0", "2"], true));
        var (what, lines) = RowDiff.Of(["1", "2", "3"], ["1", "3", "2"], true)!.Value;
        Assert.Equal("the rows came in another order, from row 2 on", what);
        Assert.Equal(["- 2", "- 3", "+ 3", "+ 2"], lines.Select(static line => line.ToString()));
    }

    [Fact]
    public void What_is_shown_is_bounded()
    {
        var rows = Enumerable.Range(0, 10_000).Select(static i => $"{{\"i\":{i}}}").ToList();
        var lines = RowDiff.Of(rows, [], false)!.Value.Lines;
        Assert.Equal(51, lines.Count);
        Assert.Equal("… and 9950 lines more", lines[^1].Text);
    }
}
