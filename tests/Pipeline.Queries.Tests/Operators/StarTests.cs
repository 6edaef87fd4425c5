using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Operators;

public sealed class StarTests
{
    private const string Event = """{"k":1,"i":2,"r":{"k":7,"x":{"y":8}},"z":null}""";

    [Theory]
    [InlineData("*, i AS k", """{"k":1,"i":2,"r":{"k":7,"x":{"y":8}},"z":null}""")]
    [InlineData("i AS k, *", """{"k":2,"i":2,"r":{"k":7,"x":{"y":8}},"z":null}""")]
    [InlineData("1 AS a, *, 2 AS b", """{"a":1,"k":1,"i":2,"r":{"k":7,"x":{"y":8}},"z":null,"b":2}""")]
    [InlineData("input.*", """{"k":1,"i":2,"r":{"k":7,"x":{"y":8}},"z":null}""")]
    [InlineData("r.*", """{"k":7,"x":{"y":8}}""")]
    [InlineData("k, r.*", """{"k":1,"x":{"y":8}}""")]
    [InlineData("r.*, k", """{"k":7,"x":{"y":8}}""")]
    [InlineData("input.r.x.*, i", """{"y":8,"i":2}""")]
    [InlineData("r.x.*, r.*, *", """{"y":8,"k":7,"x":{"y":8},"i":2,"r":{"k":7,"x":{"y":8}},"z":null}""")]
    [InlineData("z.*, missing.*, i", """{"i":2}""")]
    [InlineData("*, 1 / 0 AS k", """{"k":1,"i":2,"r":{"k":7,"x":{"y":8}},"z":null}""")]
    public void Of_equal_names_the_left_one_counts(string columns, string expected)
    {
        var run = new Run($"SELECT {columns} FROM input").Event(Event);
        Assert.Empty(run.Output.Reasons);
        Assert.Equal([expected], run.Output.Values);
    }

    [Fact]
    public void An_escaped_name_is_the_name_it_means()
    {
        var run = new Run("SELECT *, 5 AS k FROM input").Event("""{"\u006b":1}""");
        Assert.Equal(["""{"\u006b":1}"""], run.Output.Values);
    }

    [Fact]
    public void A_star_of_what_is_no_record_is_an_error_of_the_event()
    {
        var run = new Run("SELECT i.*, k FROM input").Event(Event);
        Assert.Equal(["i.*: a record was expected, this is bigint"], run.Output.Reasons);
    }

    [Fact]
    public void The_key_is_found_whether_a_star_or_a_column_brought_it()
    {
        var run = new Run("SELECT *, UPPER(d) AS id FROM input", key: "id")
            .Event("""{"d":"a"}""").Event("""{"d":"a","id":"b"}""");
        Assert.Equal(["A", "b"], run.Output.Keys);
    }

    [Fact]
    public void What_a_column_repeats_is_known_only_where_no_star_can_come_before_it()
    {
        var query = Run.Compile("SELECT *, d AS id FROM input");
        Assert.Null(query.SourceOf("id"));
        Assert.Equal("x", query.SourceOf("x"));
        Assert.True(query.KeepsFields);
        Assert.Equal("d", Run.Compile("SELECT d AS id, * FROM input").SourceOf("id"));
        var known = Run.Compile("SELECT *, temperature AS ts, ts AS t FROM known");
        Assert.Equal(["deviceId", "temperature", "ts", "t"], known.Columns);
        Assert.Equal("ts", known.SourceOf("ts"));
        Assert.Equal("ts", known.SourceOf("t"));
        var record = Run.Compile("SELECT r.*, d AS id FROM input");
        Assert.Null(record.Columns);
        Assert.Null(record.SourceOf("id"));
        Assert.Null(record.SourceOf("x"));
        Assert.False(record.KeepsFields);
    }

    [Fact]
    public void The_name_of_the_source_is_the_event()
    {
        var run = new Run("SELECT input AS e, GetRecordPropertyValue(i, 'k') AS k, i.i FROM input i")
            .Event(Event);
        Assert.Equal([$$"""{"e":null,"k":1,"i":2}"""], run.Output.Values);
        Assert.Equal(
            [$$"""{"e":{{Event}},"f":9}"""],
            new Run("SELECT input AS e, input.input AS f FROM input").Event(Event).Output.Values
                .Select(v => v.Replace("\"f\":null", "\"f\":9", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Users = i, k", """{"Users":2,"k":1}""")]
    [InlineData("[my name] = i + 1, k", """{"my name":3,"k":1}""")]
    [InlineData("k = i AS same", """{"same":false}""")]
    [InlineData("k = 1 same", """{"same":true}""")]
    [InlineData("a = k = 1", """{"a":true}""")]
    [InlineData("i AS 'my name'", """{"my name":2}""")]
    public void A_column_can_be_named_before_its_expression_or_by_a_text(string columns, string expected) =>
        Assert.Equal([expected], new Run($"SELECT {columns} FROM input").Event(Event).Output.Values);

    [Theory]
    [InlineData("FROM input PARTITION BY PartitionId")]
    [InlineData("FROM input i PARTITION BY i.k, r.x INTO 10 WHERE i.i > 1")]
    [InlineData("FROM input TIMESTAMP BY t PARTITION BY k WHERE i > 1")]
    [InlineData("FROM input PARTITION BY k TIMESTAMP BY t")]
    public void PARTITION_BY_is_read_and_changes_nothing(string from) =>
        Assert.Single(new Run($"SELECT k {from}").Event(Event).Output.Values);

    [Fact]
    public void HAVING_without_groups_is_a_WHERE()
    {
        var run = new Run("SELECT i FROM input WHERE i < 3 HAVING i > 1")
            .Event("""{"i":1}""").Event("""{"i":2}""").Event("""{"i":3}""");
        Assert.Equal(["""{"i":2}"""], run.Output.Values);
    }
}
