namespace Pipeline.Queries.Tests.Compilation;

public sealed class QueryPartsTests
{
    private const string Job = """
        WITH a AS (SELECT x FROM input TIMESTAMP BY t),
             [b c] AS (SELECT x, COUNT(*) AS n FROM a GROUP BY x, TumblingWindow(second, 1)
                       UNION ALL (SELECT x, n FROM other.one))
        SELECT * INTO log FROM a;
        (SELECT n INTO [two] FROM [b c]) UNION SELECT n FROM A
        SELECT 1 AS one FROM input -- the rest
        """;

    [Fact]
    public void A_text_is_taken_apart_into_steps_and_queries_with_their_selects()
    {
        var parts = QueryCompiler.Split(Job);
        Assert.Empty(parts.Errors);
        Assert.False(parts.IsChain);
        Assert.Equal(
            ["a > ", "b c > ", " > log", " > two", " > "], parts.Parts.Select(part => $"{part.Step} > {part.Into}"));
        Assert.Equal(
            [(1, 6), (2, 6), (4, 15), (5, 16), (6, 1)], parts.Parts.Select(part => (part.Line, part.Column)));
        Assert.Equal(
            [
                "SELECT x FROM input TIMESTAMP BY t",
                "SELECT x, COUNT(*) AS n FROM a GROUP BY x, TumblingWindow(second, 1)",
                "SELECT x, n FROM other.one",
                "SELECT * INTO log FROM a",
                "SELECT n INTO [two] FROM [b c]",
                "SELECT n FROM A",
                "SELECT 1 AS one FROM input",
            ],
            parts.Parts.SelectMany(part => part.Branches).Select(branch => Job[branch.Start..branch.End]));
        Assert.Equal(
            ["input", "a", "other.one", "a", "b c", "A", "input"],
            parts.Parts.SelectMany(part => part.Branches).Select(branch => branch.Source));
        Assert.True(parts.Parts[1].Branches[0].HasWindow);
        Assert.False(parts.Parts[1].Branches[1].HasWindow);
    }

    [Theory]
    [InlineData("SELECT x FROM input", true)]
    [InlineData("WITH a AS (SELECT x FROM input), b AS (SELECT x FROM A) SELECT x FROM b", true)]
    [InlineData("WITH a AS (SELECT x FROM input) SELECT x FROM input", false)]
    [InlineData("WITH a AS (SELECT x FROM input), b AS (SELECT x FROM a) SELECT x FROM a", false)]
    [InlineData("WITH a AS (SELECT x FROM i GROUP BY x, Tumbling(day, 1)) SELECT x FROM a", false)]
    [InlineData("SELECT x FROM input UNION SELECT x FROM input", false)]
    [InlineData("SELECT x INTO a FROM input SELECT x INTO b FROM input", false)]
    [InlineData("", true)]
    public void A_chain_is_one_query_still(string text, bool isChain) =>
        Assert.Equal(isChain, QueryCompiler.Split(text).IsChain);

    [Theory]
    [InlineData(
        "WITH a AS (SELECT x INTO o FROM i) SELECT x FROM a",
        "1:21: INTO belongs to the SELECTs behind the steps: a step is no output")]
    [InlineData(
        "SELECT x INTO a FROM i UNION SELECT x INTO a FROM j",
        "1:39: INTO belongs to the first SELECT of a UNION: all of it is one output")]
    [InlineData("WITH a AS (SELECT x FROM i), A AS (SELECT x FROM i) SELECT x FROM a", "1:30: a second step 'A'")]
    [InlineData(
        "SELECT x INTO a FROM i WITH b AS (SELECT x FROM i) SELECT x INTO b FROM b",
        "1:24: a second WITH: all steps stand in front of the first SELECT")]
    [InlineData("WITH a AS (SELECT x FROM i)", "1:28: SELECT was expected, not the end of the query")]
    [InlineData("SELECT x FROM i UNION", "1:22: SELECT was expected, not the end of the query")]
    [InlineData("(SELECT x FROM i UNION SELECT x FROM j", "1:18: ')' was expected, not 'UNION'")]
    [InlineData("WITH a AS (SELECT x FROM i RIGHT JOIN j ON 1 = 1) SELECT x FROM a", "1:28: RIGHT JOIN is not part of "
        + "the language: LEFT JOIN with the sources the other way round is the same")]
    [InlineData(
        "SELECT x FROM i) SELECT y FROM j",
        "1:16: the end of the query, or a clause in the order SELECT, INTO, FROM, TIMESTAMP BY, WHERE, GROUP BY, "
            + "HAVING was expected, not ')'")]
    public void A_mistake_of_form_is_named_once(string text, string expected) =>
        Assert.Equal([expected], QueryCompiler.Split(text).Errors.Select(error => error.ToString()));

    [Fact]
    public void Any_text_has_an_end()
    {
        var draw = new Random(7);
        string[] words =
        [
            "WITH", "a", "AS", "(", ")", "SELECT", "*", "INTO", "FROM", "UNION", "ALL", ",", ";", "GROUP", "BY", "'",
        ];
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Join(' ', Enumerable.Range(0, draw.Next(30)).Select(_ => words[draw.Next(words.Length)]));
            var parts = QueryCompiler.Split(text);
            Assert.All(
                parts.Parts.SelectMany(part => part.Branches),
                branch => Assert.InRange(branch.Start, 0, branch.End));
            Assert.All(
                parts.Parts.SelectMany(part => part.Branches), branch => Assert.InRange(branch.End, 0, text.Length));
        }

        Assert.NotEmpty(QueryCompiler.Split(new string('(', 100_000)).Errors);
    }
}
