using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Compilation;

public sealed class QueryErrorTests
{
    [Theory]
    [InlineData("", "1:1: SELECT was expected, not the end of the query")]
    [InlineData("SELECT", "1:7: an expression was expected, not the end of the query")]
    [InlineData("SELECT FROM input", "1:8: an expression was expected, not 'FROM' (as a name it is written [FROM])")]
    [InlineData("SELECT a", "1:9: ',' or FROM was expected, not the end of the query")]
    [InlineData("SELECT a FROM", "1:14: a stream's or stage's name was expected, not the end of the query")]
    [InlineData(
        "SELECT a FROM nowhere",
        "1:15: unknown stream or stage 'nowhere': input, known, pipe.stage-1 was expected")]
    [InlineData("SELECT a b c FROM input", "1:12: ',' or FROM was expected, not 'c'")]
    [InlineData("SELECT a AS FROM input", "1:13: a column's name was expected, not 'FROM'")]
    [InlineData("SELECT (a FROM input", "1:11: ')' was expected, not 'FROM'")]
    [InlineData("SELECT a.1 FROM input", "1:10: a field's name was expected, not '1'")]
    [InlineData("SELECT a. FROM input WHERE", "1:27: an expression was expected, not the end of the query")]
    [InlineData("SELECT 'a FROM input", "1:8: this text does not end: ' was expected")]
    [InlineData("SELECT a ? b FROM input", "1:10: '?' means nothing here")]
    [InlineData("SELECT 1a FROM input", "1:8: '1a' is no number and no name")]
    [InlineData("SELECT a /* b FROM input", "1:10: this comment does not end: */ was expected")]
    [InlineData("SELECT a FROM input WHERE x = ", "1:31: an expression was expected, not the end of the query")]
    [InlineData("SELECT a FROM input WHERE x BETWEEN 1 OR 2", "1:39: AND was expected, not 'OR'")]
    [InlineData("SELECT a FROM input WHERE x IS 1", "1:32: NULL was expected, not '1'")]
    [InlineData("SELECT a FROM input WHERE CASE x END", "1:34: WHEN was expected, not 'END'")]
    [InlineData(
        "SELECT a FROM input HAVING a WHERE b",
        "1:30: the end of the query, or a clause in the order SELECT, INTO, FROM, TIMESTAMP BY, WHERE, GROUP BY, "
            + "HAVING was expected, not 'WHERE'")]
    [InlineData(
        "SELECT a FROM input; SELECT b FROM input",
        "1:22: a second query: each is a stage of its own")]
    public void Syntax_errors_say_where_and_what_was_expected(string query, string expected) =>
        Assert.Contains(expected, Errors(query));

    [Theory]
    [InlineData(
        "SELECT tempereture FROM known",
        "1:8: unknown column 'tempereture': known has deviceId, temperature, ts")]
    [InlineData("SELECT deviceId FROM known\nWHERE\n  known.x > 1", "3:3: unknown column 'x': known has deviceId, "
        + "temperature, ts")]
    [InlineData(
        "SELECT deviceId FROM known TIMESTAMP BY t",
        "1:41: unknown column 't': known has deviceId, temperature, ts")]
    [InlineData(
        "SELECT temperature * 2 FROM known",
        "1:8: this expression needs a name: AS name was expected behind it")]
    [InlineData("SELECT ts, deviceId AS ts FROM known", "1:12: a second column 'ts'")]
    [InlineData("SELECT a FROM input WHERE 2 + 1", "1:29: a condition was expected, this is bigint")]
    [InlineData("SELECT a FROM input WHERE 'x'", "1:27: a condition was expected, this is nvarchar(max)")]
    [InlineData("SELECT a FROM input WHERE NOT 5", "1:31: a condition was expected, this is bigint")]
    [InlineData("SELECT a FROM input WHERE 'x' > 1", "1:31: nvarchar(max) cannot be compared with bigint")]
    [InlineData("SELECT a FROM input WHERE 1 IN (1, 'x')", "1:36: bigint cannot be compared with nvarchar(max)")]
    [InlineData("SELECT a FROM input WHERE TRUE LIKE 'x'", "1:27: LIKE needs nvarchar(max), this is bit")]
    [InlineData("SELECT a FROM input TIMESTAMP BY 5", "1:34: TIMESTAMP BY: a datetime was expected, this is bigint")]
    [InlineData("SELECT *, * FROM input", "1:11: a second *")]
    public void Names_and_types_are_checked(string query, string expected) => Assert.Contains(expected, Errors(query));

    [Theory]
    [InlineData("UPER(a)", "1:8: unknown function 'UPER'; UPPER was perhaps meant")]
    [InlineData("Frobnicate(a)", "1:8: unknown function 'Frobnicate'")]
    [InlineData("UPPER()", "1:8: UPPER takes 1 arguments, not 0: UPPER(nvarchar(max))")]
    [InlineData("SUBSTRING(a, 1)", "1:8: SUBSTRING takes 3 arguments, not 2: SUBSTRING(nvarchar(max), bigint, bigint)")]
    [InlineData("CONCAT(a)", "1:8: CONCAT takes at least 2 arguments, not 1: CONCAT(value, value, …)")]
    [InlineData(
        "CHARINDEX('a')",
        "1:8: CHARINDEX takes 2 to 3 arguments, not 1: CHARINDEX(nvarchar(max), nvarchar(max), bigint)")]
    [InlineData("UPPER(TRUE)", "1:14: UPPER: nvarchar(max) was expected, this is bit")]
    [InlineData("ABS('x')", "1:12: ABS: number was expected, this is nvarchar(max)")]
    [InlineData("LEN(*)", "1:8: LEN takes no *: LEN(nvarchar(max))")]
    [InlineData(
        "DATEADD(eon, 1, a)",
        "1:16: DATEADD: year, quarter, month, dayofyear, day, week, weekday, hour, minute, second, millisecond or "
            + "microsecond was expected")]
    [InlineData("DATEADD(day, 1, '2026-02-30')", "1:24: DATEADD: this text is not a datetime (ISO 8601 was expected)")]
    [InlineData(
        "CAST(a AS int)",
        "1:18: unknown type 'int': bigint, float, nvarchar(max), bit, datetime, record or array was expected")]
    [InlineData("CAST('{}' AS record)", "1:8: nvarchar(max) cannot be cast to record: JSON_PARSE reads one")]
    [InlineData("a & 1.5", "1:12: bit or bigint was expected, this is float: CAST says which")]
    [InlineData("~'x'", "1:9: bit or bigint was expected, this is nvarchar(max): CAST says which")]
    [InlineData("REGEXMATCH(a, b)", "1:22: REGEXMATCH: the pattern must be a constant text, such as '[0-9]+'")]
    [InlineData("REGEXMATCH(a, '(')", "1:22: REGEXMATCH: the pattern is no regular expression "
        + "(InsufficientClosingParentheses)")]
    [InlineData("REGEXMATCH(a, '(a)\\1')", "1:22: REGEXMATCH: back references, lookahead and lookbehind are not "
        + "supported")]
    [InlineData("REGEXMATCH(a, '((a{100}){100}){100}')", "1:22: REGEXMATCH: the pattern is too large: at most 1000 "
        + "characters, and as many after repetitions such as {3,20} are written out")]
    [InlineData("LEFT(a)", "1:8: LEFT takes 2 arguments, not 1: LEFT(nvarchar(max), bigint)")]
    [InlineData("System.Window().Id", "1:8: System.Window() belongs in SELECT or HAVING of a query with GROUP BY and a "
        + "window")]
    [InlineData("1 + r.*", "1:12: r.* belongs in the list after SELECT")]
    [InlineData("CAST(5 AS datetime)", "1:8: bigint cannot be cast to datetime")]
    [InlineData("'a' - 1", "1:8: - needs numbers, this is nvarchar(max)")]
    [InlineData("-'a'", "1:9: a number was expected, this is nvarchar(max)")]
    [InlineData("99999999999999999999", "1:8: 99999999999999999999 is outside the range of bigint and float")]
    [InlineData("COUNT(*)", "1:8: COUNT is an aggregate: it belongs in SELECT or HAVING of a query with GROUP BY and a "
        + "window, such as TumblingWindow(second, 10)")]
    [InlineData("TumblingWindow(second, 1)", "1:8: TumblingWindow belongs in GROUP BY")]
    [InlineData("System.Timestamp(1)", "1:8: System.Timestamp() takes no arguments")]
    public void Calls_and_operands_are_checked(string expression, string expected) =>
        Assert.Contains(expected, Errors($"SELECT {expression} AS x FROM input"));

    [Theory]
    [InlineData("SELECT COUNT(*) AS n FROM input GROUP BY a", "1:33: GROUP BY needs a window such as "
        + "TumblingWindow(second, 10): a stream has no end")]
    [InlineData(
        "SELECT b FROM input GROUP BY a, TumblingWindow(second, 1)",
        "1:8: 'b' must be in GROUP BY or inside an aggregate such as MAX(b)")]
    [InlineData(
        "SELECT * FROM input GROUP BY a, TumblingWindow(second, 1)",
        "1:8: SELECT * has no meaning with GROUP BY: name the columns")]
    [InlineData(
        "SELECT SUM(a, b) FROM input GROUP BY TumblingWindow(second, 1)",
        "1:8: SUM takes one argument: SUM(x)")]
    [InlineData("SELECT SUM(DISTINCT a) FROM input GROUP BY TumblingWindow(second, 1)", "1:8: SUM(DISTINCT …) is not "
        + "supported yet, only COUNT(DISTINCT …)")]
    [InlineData(
        "SELECT SUM('a') FROM input GROUP BY TumblingWindow(second, 1)",
        "1:12: SUM: a number was expected, this is nvarchar(max)")]
    [InlineData("SELECT SUM(COUNT(*)) FROM input GROUP BY TumblingWindow(second, 1)", "1:12: COUNT is an aggregate: it "
        + "belongs in SELECT or HAVING of a query with GROUP BY and a window, such as TumblingWindow(second, 10)")]
    [InlineData(
        "SELECT COUNT(*) AS n FROM input GROUP BY TumblingWindow(second)",
        "1:42: TumblingWindow: TumblingWindow(unit, size [, offset]) or TumblingWindow(Duration(unit, n) [, "
            + "Offset(unit, n)]) was expected")]
    [InlineData(
        "SELECT COUNT(*) AS n FROM input GROUP BY TumblingWindow(month, 1)",
        "1:57: week, day, hour, minute, second, millisecond or microsecond was expected")]
    [InlineData(
        "SELECT COUNT(*) AS n FROM input GROUP BY TumblingWindow(second, x)",
        "1:65: a number was expected")]
    [InlineData("SELECT COUNT(*) AS n FROM input GROUP BY TumblingWindow(microsecond, 0.25)",
        "1:70: a whole number of 100 ns was expected: no time is told finer")]
    [InlineData("SELECT COUNT(*) AS n FROM input GROUP BY TumblingWindow(day, 1e30)", "1:62: a number was expected")]
    [InlineData("SELECT COUNT(*) AS n FROM input GROUP BY TumblingWindow(second, 0)", "1:42: TumblingWindow: "
        + "0 < hop <= size <= 3650 days was expected")]
    [InlineData("SELECT COUNT(*) AS n FROM input GROUP BY HoppingWindow(second, 1, 5)", "1:42: HoppingWindow: "
        + "0 < hop <= size <= 3650 days was expected")]
    [InlineData("SELECT COUNT(*) AS n FROM input GROUP BY HoppingWindow(second, 10000, 1)", "1:42: HoppingWindow: "
        + "every event would be in 10000 windows, at most 3600 are allowed: make the hop longer or the size shorter")]
    [InlineData("SELECT COUNT(*) AS n FROM input GROUP BY HoppingWindow(Duration(day, 1), Hop(microsecond, 7))",
        "1:42: HoppingWindow: every event would be in 12342857143 windows, at most 3600 are allowed: make the "
        + "hop longer or the size shorter")]
    public void Grouping_is_checked(string query, string expected) => Assert.Contains(expected, Errors(query));

    [Theory]
    [InlineData(
        "SELECT COUNT(*) AS n FROM input GROUP BY TumblingWindow(day, 1), TumblingWindow(day, 2)",
        "1:66: a second window: GROUP BY takes one, or Windows(…)")]
    [InlineData("SELECT COUNT(*) AS n FROM input GROUP BY YEAR(System.Timestamp())", "1:33: GROUP BY needs a window "
        + "such as TumblingWindow(second, 10): a stream has no end")]
    [InlineData(
        "SELECT COUNT(*) n FROM input GROUP BY  Windows(Window('a', Tumbling(day, 1)), Window('A', Tumbling(day, 2)))",
        "1:40: Windows: a second window 'a'")]
    [InlineData(
        "SELECT COUNT(*) AS n FROM input GROUP BY Windows(Window('a', Tumbling(day, 1)), Tumbling(day, 2))",
        "1:42: Windows: either all windows have an identity, Window('id', window), or none has")]
    [InlineData(
        "SELECT COUNT(*) AS n FROM input GROUP BY Windows(Window(NULL, Tumbling(day, 1)))",
        "1:50: Window: Window('id', window) was expected")]
    [InlineData(
        "SELECT COUNT(*) AS n FROM input GROUP BY Windows(Windows(Tumbling(day, 1)))",
        "1:50: TumblingWindow, HoppingWindow or System.Timestamp() was expected")]
    [InlineData(
        "SELECT COUNT(*) AS n FROM input GROUP BY Windows(Hopping(second, 2000, 1), Hopping(second, 2001, 1))",
        "1:42: Windows: every event would be in 4001 windows, at most 3600 are allowed: make the hop longer or the "
            + "size shorter")]
    [InlineData("SELECT TopOne() AS x FROM input GROUP BY Tumbling(day, 1)", "1:8: TopOne: TopOne([x]) OVER (ORDER BY "
        + "column [DESC], …) was expected")]
    [InlineData(
        "SELECT CollectTop(0) OVER (ORDER BY a) AS x FROM input GROUP BY Tumbling(day, 1)",
        "1:19: CollectTop: a whole number from 1 to 10000 was expected")]
    [InlineData(
        "SELECT TopOne() OVER (ORDER BY UPPER(a)) AS x FROM input GROUP BY Tumbling(day, 1)",
        "1:32: ORDER BY takes bigint, float or datetime, this is nvarchar(max)")]
    [InlineData(
        "SELECT PERCENTILE_CONT(1.5) OVER (ORDER BY a) AS x FROM input GROUP BY Tumbling(day, 1)",
        "1:8: PERCENTILE_CONT: PERCENTILE_CONT(number from 0 to 1) OVER (ORDER BY column [DESC]) was expected")]
    [InlineData("SELECT input.* FROM input GROUP BY Tumbling(day, 1)", "1:8: SELECT input.* has no meaning with GROUP "
        + "BY: name the columns")]
    public void Windows_and_ranks_are_checked(string query, string expected) =>
        Assert.Contains(expected, Errors(query));

    [Theory]
    [InlineData("SELECT a FROM input MATCH_RECOGNIZE (PARTITION BY a)", "1:21: MATCH_RECOGNIZE is not supported yet: a "
        + "stage in C# can look for what follows what")]
    [InlineData(
        "SELECT a FROM input, known",
        "1:20: a second source is read by JOIN … ON, with a bound on the time between both")]
    [InlineData("CREATE TABLE input(a bigint); SELECT a FROM input", "1:1: CREATE TABLE is not supported yet: CAST and "
        + "TRY_CAST say of which type a field must be")]
    [InlineData("SELECT a FROM input WHERE a IN (SELECT b FROM known) AND a > 1", "1:33: a query inside an expression "
        + "is not part of the language: a stage or step can compute it")]
    [InlineData("SELECT a FROM input WHERE EXISTS (SELECT b FROM known)", "1:35: a query inside an expression is not "
        + "part of the language: a stage or step can compute it")]
    [InlineData("SELECT (SELECT b FROM known) AS c FROM input", "1:9: a query inside an expression is not part of the "
        + "language: a stage or step can compute it")]
    [InlineData("SELECT CreatePoint(1, 2) AS c FROM input", "1:8: CreatePoint: geospatial functions are not supported "
        + "yet; a stage in C# can compute them")]
    [InlineData("WITH s AS (SELECT a INTO x FROM input) SELECT a FROM s", "1:21: INTO belongs to the last SELECT: a "
        + "step is no output")]
    [InlineData("SELECT a FROM input UNION SELECT a FROM known", "1:21: a second query: each is a stage of its own")]
    public void Clauses_that_are_not_built_yet_say_so(string query, string expected) =>
        Assert.Equal([expected], Errors(query));

    [Theory]
    [InlineData(
        "SELECT a FROM input WHERE a > 1 PARTITION BY a",
        "1:33: PARTITION BY belongs right behind FROM or TIMESTAMP BY")]
    [InlineData(
        "SELECT COUNT(*) AS n FROM input TIMESTAMP BY t OVER k GROUP BY k, TumblingWindow(second, 1)",
        "1:48: TIMESTAMP BY … OVER is not supported yet: all events of a stream have one timeline; the stage's "
            + "'lateness' keeps windows open for those that are behind")]
    [InlineData(
        "SELECT a FROM input WHERE a > 1 ORDER BY a",
        "1:33: ORDER BY is not part of the language: a stream has no end to sort at")]
    [InlineData("SELECT TOP 5 a FROM input", "1:8: SELECT TOP is not supported yet: CollectTop(n) OVER "
        + "(ORDER BY …) has the first n of a window")]
    [InlineData("SELECT DISTINCT a FROM input", "1:8: SELECT DISTINCT is not supported yet: GROUP BY the columns and a "
        + "window has each once")]
    [InlineData(
        "SELECT COUNT(*) AS n FROM input GROUP BY TumblingWindow(second, 1) HAVING LAG(a) OVER (PARTITION BY b LIMIT "
            + "DURATION(second, 1) WHEN a > 1) = 1",
        "1:75: LAG … OVER cannot stand beside GROUP BY: make it a column of a step of WITH, or of a stage, before")]
    [InlineData(
        "SELECT TopOne() OVER (PARTITION BY a ORDER BY b LIMIT DURATION(second, 5)) AS x FROM input",
        "1:8: TopOne … OVER with PARTITION is not supported yet: write it as an aggregate, TopOne(…) OVER (ORDER BY …) "
            + "with GROUP BY and a window")]
    [InlineData(
        "SELECT udf.f(a) AS x FROM input",
        "1:8: udf.f: user-defined functions are not supported; a stage in C# can do this")]
    [InlineData(
        "SELECT a FROM (SELECT a FROM input)",
        "1:15: a query inside FROM is not supported yet: make it a stage of its own")]
    public void What_is_not_built_yet_says_so(string query, string expected) => Assert.Equal([expected], Errors(query));

    [Fact]
    public void All_mistakes_are_reported_in_their_order()
    {
        Assert.Equal(
            [
                "1:8: an expression was expected, not ')'",
                "2:3: unknown function 'LENN'; LEN was perhaps meant",
                "3:15: an expression was expected, not '>'",
                "4:6: unknown stream or stage 'nope': input, known, pipe.stage-1 was expected",
                "5:10: nvarchar(max) cannot be compared with bigint",
            ],
            Errors("SELECT ),\n  LENN(a) AS l,\n  a AS b, c > > d AS e\nFROM nope\nWHERE 'x'=1").Order());
    }

    [Fact]
    public void A_deeply_nested_expression_is_an_error_not_a_crash()
    {
        var deep = new string('(', 100_000) + "1" + new string(')', 100_000);
        Assert.Equal(["1:108: the expression is nested deeper than 100"], Errors($"SELECT {deep} AS x FROM input"));
        var signs = string.Concat(Enumerable.Repeat("- ", 100_000));
        Assert.Single(Errors($"SELECT {signs}a AS x FROM input"));
        Assert.Empty(Errors($"SELECT {string.Concat(Enumerable.Repeat("NOT ", 500))}a AS x FROM input"));
    }

    [Theory]
    [InlineData("NOT ", "", "a")]
    [InlineData("a + ", "", "a")]
    [InlineData("a AND ", "", "a")]
    [InlineData("a = ", "", "a")]
    [InlineData("", " IS NULL", "a")]
    [InlineData("", " BETWEEN 1 AND 2", "a")]
    [InlineData("", " IN (1)", "a")]
    [InlineData("", " LIKE 'a'", "a")]
    [InlineData("", ".b", "a")]
    [InlineData("", "[0]", "a")]
    [InlineData("CASE WHEN ", " THEN 1 END", "a")]
    [InlineData("UPPER(", ")", "a")]
    public void A_very_long_expression_is_an_error_not_a_crash(string before, string after, string middle)
    {
        const int Times = 50_000;
        var (start, end) = (Repeat(before, Times), Repeat(after, Times));
        Assert.Single(Errors($"SELECT {start}{middle}{end} AS x FROM input"));
    }

    [Theory]
    [InlineData("x", "1:1: key 'x' is no column of the result: a, b")]
    [InlineData("a..b", "1:1: key 'a..b': column 3: a name was expected")]
    public void The_key_must_be_a_column(string key, string expected)
    {
        var compiled = QueryCompiler.Compile("SELECT a, b FROM input", Run.Options(key: key));
        Assert.Contains(expected, compiled.Errors.Select(e => e.ToString()));
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string[] Errors(string query) =>
        [.. QueryCompiler.Compile(query, Run.Options()).Errors.Select(e => e.ToString())];
}
