using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Operators;

public sealed class SelectOperatorTests
{
    [Fact]
    public void Star_keeps_the_bytes_key_and_time()
    {
        const string Event = """ { "a" : 12345678901234567890123 , "b":1.10 } """;
        var run = new Run("SELECT * FROM input").Event(Event, 5, "dev-1");
        Assert.Equal(Event, Assert.Single(run.Output.Values));
        Assert.Equal("dev-1", Assert.Single(run.Output.Keys));
        Assert.Equal(Run.Second(5), Assert.Single(run.Output.Times));
    }

    [Fact]
    public void A_plain_column_keeps_its_bytes()
    {
        var run = new Run("SELECT big, f AS g, t, r, missing FROM input")
            .Event("""{"big":123456789012345678901234567890,"f":1.500e0,"t":"a\u0041","r":{ "x" : [1, 2] }}""");
        Assert.Equal(
            """{"big":123456789012345678901234567890,"g":1.500e0,"t":"a\u0041","r":{ "x" : [1, 2] },"missing":null}""",
            Assert.Single(run.Output.Values));
    }

    [Fact]
    public void Only_events_for_which_the_condition_is_true_pass()
    {
        var run = new Run("SELECT n FROM input WHERE temperature > 20")
            .Event("""{"n":1,"temperature":20}""")
            .Event("""{"n":2,"temperature":20.5}""")
            .Event("""{"n":3}""")
            .Event("""{"n":4,"temperature":null}""")
            .Event("""{"n":5,"temperature":21}""");
        Assert.Equal(["""{"n":2}""", """{"n":5}"""], run.Output.Values);
        Assert.Empty(run.Output.Rejected);
    }

    [Fact]
    public void An_event_that_cannot_be_evaluated_is_rejected_with_the_reason()
    {
        var run = new Run("SELECT n FROM input WHERE temperature > 20")
            .Event("""{"n":1,"temperature":"hot"}""")
            .Event("""{"n":2,"temperature":30}""");
        Assert.Equal(["""{"n":2}"""], run.Output.Values);
        Assert.Equal(["""{"n":1,"temperature":"hot"}"""], run.Output.Rejected);
        Assert.Equal("'hot' (nvarchar(max)) cannot be compared with 20 (bigint)", Assert.Single(run.Output.Reasons));
    }

    [Fact]
    public void Star_with_columns_adds_those_it_has_not_brought_itself()
    {
        var run = new Run("SELECT *, UPPER(name) AS name, 1 AS one FROM input")
            .Event("""{ "id" : 7, "name":"x", "last":[1] }""")
            .Event("{}")
            .Event("[1]");
        Assert.Equal(
            ["""{"id" : 7,"name":"x","last":[1],"one":1}""", """{"name":null,"one":1}"""], run.Output.Values);
        Assert.Equal("SELECT * with further columns: the event is not an object", Assert.Single(run.Output.Reasons));
    }

    [Theory]
    [InlineData("id", """{"id":"a\u0062c"}""", "abc")]
    [InlineData("id", """{"id":42}""", "42")]
    [InlineData("id", """{"id":true}""", "true")]
    [InlineData("ID", """{"id":"x"}""", "x")]
    public void The_key_is_taken_from_the_result(string key, string json, string expected)
    {
        Assert.Equal([expected], new Run("SELECT id FROM input", key: key).Event(json).Output.Keys);
        Assert.Equal([expected], new Run("SELECT * FROM input", key: key).Event(json).Output.Keys);
        Assert.Equal([expected], new Run("SELECT *, 1 AS x FROM input", key: key).Event(json).Output.Keys);
    }

    [Fact]
    public void A_nested_key_is_found()
    {
        var run = new Run("SELECT device, 1 AS one FROM input", key: "device.id").Event("""{"device":{"id":"d1"}}""");
        Assert.Equal(["d1"], run.Output.Keys);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"id":null}""")]
    [InlineData("""{"id":{}}""")]
    public void A_result_without_a_key_is_rejected(string json)
    {
        var run = new Run("SELECT id FROM input", key: "id").Event(json);
        Assert.Empty(run.Output.Values);
        Assert.Equal("the result's key 'id' is missing, NULL, a record or an array", Assert.Single(run.Output.Reasons));
    }

    [Fact]
    public void System_Timestamp_is_the_time_of_the_event()
    {
        var run = new Run("SELECT System.Timestamp() AS t, System.Timestamp u FROM input").Event("{}", 1.5);
        Assert.Equal(["""{"t":"2026-01-01T00:00:01.500Z","u":"2026-01-01T00:00:01.500Z"}"""], run.Output.Values);
    }

    [Fact]
    public void It_has_no_state()
    {
        var run = new Run("SELECT * FROM input");
        Assert.Empty(run.Save());
        Assert.Throws<InvalidDataException>(() => run.Operator.Load([1]));
    }
}
