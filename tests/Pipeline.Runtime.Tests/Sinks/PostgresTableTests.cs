using Pipeline.Processing.Instances;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>What becomes of events in a table: types, keys, defaults, and tables that do not fit.</summary>
[Collection(nameof(PostgresTests))]
public sealed class PostgresTableTests(PostgresPlaces places)
{
    [Fact]
    public async Task Fields_become_values_of_the_columns_types_and_what_is_left_out_its_default()
    {
        var schema = await places.MakeAsync("""
            CREATE TABLE SCHEMA.kinds (
                "deviceId" text, small integer, big bigint, exact numeric, real double precision, flag boolean,
                at timestamptz, doc jsonb, tags text[], note text DEFAULT 'none', made timestamptz DEFAULT now());
            """);
        await using var host = await StartAsync($"table: {schema}.kinds");
        await host.AppendAsync("numbers", "a",
        [
            """
            {"deviceId":"d","small":-1,"big":9223372036854775807,"exact":12345678901234567890.123456789,"real":1.5e300,
            "flag":true,"at":"2026-01-02T03:04:05.678901Z","doc":{"a":[1,{"b":null}]},"tags":["x","y"]}
            """,
            """{"DEVICEID":7,"small":"42","big":null,"note":"ü\n'\"","flag":"false"}""",
            """{"small":1}""",
        ]);
        await host.UntilAsync(static status => status.Counts.Written == 3);
        Assert.Equal(
            [
                """d|-1|9223372036854775807|12345678901234567890.123456789|1.5e+300|t|2026-01-02 03:04:05.678901+00|"""
                    + """{"a": [1, {"b": null}]}|{x,y}|"none"|t""",
                """7|42|||||||||"ü\n'\""|t""".Replace("|||||||||", "||||f||||", StringComparison.Ordinal),
                """|1||||||||"none"|t""",
            ],
            await places.Cluster.QueryAsync(
                "SELECT \"deviceId\", small, big, exact, real, flag, at, doc, tags, to_json(note), made IS NOT NULL "
                + $"FROM {schema}.kinds"));
    }

    [Fact]
    public async Task With_a_key_the_last_row_of_each_stays_also_within_a_batch()
    {
        var schema = await places.MakeAsync("""
            CREATE TABLE SCHEMA.last (id text, part int, v int, w int DEFAULT 5, PRIMARY KEY (id, part));
            """);
        await using var host = await StartAsync($"table: {schema}.last, key: [id, part]");
        await host.AppendAsync("numbers", "a",
        [
            """{"id":"a","part":1,"v":1}""",
            """{"id":"b","part":1,"v":2}""",
            """{"id":"a","part":1,"v":3}""",
            """{"part":2,"id":"a","v":4,"w":6}""",
            """{"id":"a","part":1,"v":7}""",
            """{"id":"c","part":3}""",
            """{"id":"d","v":3}""",
            """{"id":null,"part":3}""",
        ]);
        await host.UntilAsync(static status => status.Cursor == 8);
        Assert.Equal(
            ["a|1|7|5", "a|2|4|6", "b|1|2|5", "c|3||5"],
            await places.Cluster.QueryAsync($"SELECT * FROM {schema}.last ORDER BY 1, 2"));
        var letters = await host.LettersAsync();
        Assert.Equal(2, letters.Count);
        Assert.Contains("the event lacks the key 'part'", letters[0], StringComparison.Ordinal);
        Assert.Contains("the key 'id' is null", letters[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_table_refuses_says_why_and_what_to_do()
    {
        var schema = await places.MakeAsync("""
            CREATE TABLE SCHEMA.strict (
                id int PRIMARY KEY, v int CHECK (v > 0), twice int GENERATED ALWAYS AS (2) STORED);
            """);
        await using var host = await StartAsync($"table: {schema}.strict");
        await host.AppendAsync("numbers", "a",
        [
            """{"id":1,"v":1}""", """{"id":1,"v":2}""", """{"id":2,"v":0}""", """{"id":3,"other":1}""", "[1]", "{}",
            """{"id":4,"twice":2}""", """{"id":5,"ID":6}""", """{"id":99999999999}""", """{"id":7,"v":7}""",
        ]);
        await host.UntilAsync(static status => status.Cursor == 10);
        Assert.Equal(["1|1", "7|7"], await places.Cluster.QueryAsync($"SELECT id, v FROM {schema}.strict ORDER BY 1"));
        Assert.Equal(
            [
                "duplicate key value violates unique constraint",
                "violates check constraint",
                "the table has no column 'other': add it to the table, or leave it out in a stage's query",
                "the event is no JSON object, so it has no columns",
                "the event has no fields",
                "the database makes the column 'twice' itself: leave it out in a stage's query",
                "two fields are the column 'id'",
                "out of range for type integer",
            ],
            (await host.LettersAsync()).Select(static letter => Reasons.First(letter.Contains)));
    }

    /// <summary>Codes that else say that a person must change something, or that one has to wait.</summary>
    [Theory]
    [InlineData("42501")]
    [InlineData("42P01")]
    [InlineData("28000")]
    [InlineData("55P03")]
    public async Task What_a_trigger_raises_is_about_its_row_whatever_its_code(string code)
    {
        var schema = await places.MakeAsync($"""
            CREATE TABLE SCHEMA.judged (id int);
            CREATE FUNCTION SCHEMA.judge() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NEW.id = 2 THEN RAISE EXCEPTION 'not this one' USING ERRCODE = '{code}'; END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER judge BEFORE INSERT ON SCHEMA.judged FOR EACH ROW EXECUTE FUNCTION SCHEMA.judge();
            """);
        await using var host = await StartAsync($"table: {schema}.judged");
        await host.AppendAsync("numbers", "a", ["""{"id":1}""", """{"id":2}""", """{"id":3}"""]);
        await host.UntilAsync(static status => status.Cursor == 3);
        Assert.Equal(["1", "3"], await places.Cluster.QueryAsync($"SELECT id FROM {schema}.judged ORDER BY 1"));
        Assert.Contains("not this one", Assert.Single(await host.LettersAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_the_table_got_meanwhile_is_found_before_a_row_is_refused()
    {
        var schema = await places.MakeAsync("CREATE TABLE SCHEMA.growing (id int);");
        await using var host = await StartAsync($"table: {schema}.growing");
        await host.AppendAsync("numbers", "a", ["""{"id":1}"""]);
        await host.UntilAsync(static status => status.Cursor == 1);
        await places.Cluster.QueryAsync($"ALTER TABLE {schema}.growing ADD COLUMN v int");
        await host.AppendAsync("numbers", "b", ["""{"id":2,"v":5}""", """{"id":3,"v":6,"none":1}"""]);
        await host.UntilAsync(static status => status.Cursor == 3);
        Assert.Equal(["1|", "2|5"], await places.Cluster.QueryAsync($"SELECT * FROM {schema}.growing ORDER BY 1"));
        Assert.Contains("no column 'none'", Assert.Single(await host.LettersAsync()), StringComparison.Ordinal);
    }

    /// <summary>So it looks to whoever opens it while another one takes its place.</summary>
    [Fact]
    public async Task A_table_without_columns_is_waited_for_and_refuses_nothing()
    {
        var schema = await places.MakeAsync("CREATE TABLE SCHEMA.bare ();");
        await using var host = await StartAsync($"table: {schema}.bare");
        await host.AppendAsync("numbers", "a", ["""{"id":1}"""]);
        await FailsAsync(host, $"target: the table {schema}.bare is being changed, or has no columns");
        await places.Cluster.QueryAsync($"ALTER TABLE {schema}.bare ADD COLUMN id int");
        await host.UntilAsync(static status => status is { State: StageInstanceState.Running, Cursor: 1 });
        Assert.Equal(["1"], await places.Cluster.QueryAsync($"SELECT id FROM {schema}.bare"));
        Assert.Empty(await host.LettersAsync());
    }

    [Fact]
    public async Task A_table_that_does_not_fit_fails_the_sink_with_what_to_do_until_it_fits()
    {
        var schema = await places.MakeAsync("");
        await using var host = await StartAsync($"table: {schema}.later, key: id");
        await host.AppendAsync("numbers", "a", ["""{"id":1}"""]);
        await FailsAsync(host, $"target: there is no table {schema}.later: create it, it needs a column for each field "
            + "of the events");
        await places.Cluster.QueryAsync($"CREATE TABLE {schema}.later (n int)");
        await FailsAsync(host, $"target: the table {schema}.later has no column 'id' to be a key");
        await places.Cluster.QueryAsync($"ALTER TABLE {schema}.later RENAME n TO id");
        await FailsAsync(host, $"target: the table {schema}.later has no unique index over just its key: CREATE UNIQUE "
            + $"INDEX ON \"{schema}\".\"later\" (\"id\")");
        await places.Cluster.QueryAsync($"CREATE UNIQUE INDEX ON {schema}.later (id)");
        await host.UntilAsync(static status => status is { State: StageInstanceState.Running, Cursor: 1 });
    }

    [Fact]
    public async Task A_definition_that_never_reached_its_table_can_be_changed_and_one_that_did_goes_on_there()
    {
        var schema = await places.MakeAsync("CREATE TABLE SCHEMA.one (n int); CREATE TABLE SCHEMA.two (n int);");
        await using var host = await StartAsync($"table: {schema}.none");
        await host.AppendAsync("numbers", "a", ["""{"n":1}""", """{"n":2}"""]);
        await host.UntilAsync(static status => status.State == StageInstanceState.Failed);
        await host.ApplyAsync(Text($"table: {schema}.one"));
        await host.UntilAsync(static status => status.Cursor == 2);
        await host.ApplyAsync(Text($"table: {schema}.two"));
        await host.AppendAsync("numbers", "b", ["""{"n":3}"""]);
        await host.UntilAsync(static status => status.Cursor == 3);
        await host.ApplyAsync(Text($"table: {schema}.one"));
        await host.AppendAsync("numbers", "c", ["""{"n":4}"""]);
        await host.UntilAsync(static status => status.Cursor == 4);
        Assert.Equal(["1", "2", "4"], await places.Cluster.QueryAsync($"SELECT n FROM {schema}.one ORDER BY 1"));
        Assert.Equal(["3"], await places.Cluster.QueryAsync($"SELECT n FROM {schema}.two"));
    }

    [Fact]
    public async Task A_cursor_that_is_gone_fails_the_sink_instead_of_leaving_rows_out()
    {
        var schema = await places.MakeAsync("CREATE TABLE SCHEMA.one (n int);");
        await using var host = await StartAsync($"table: {schema}.one");
        await host.AppendAsync("numbers", "a", ["""{"n":1}"""]);
        await host.UntilAsync(static status => status.CheckpointCursor == 1);
        await places.Cluster.QueryAsync($"DELETE FROM {schema}.pipeline_cursors");
        await host.StartAsync();
        await host.UntilAsync(static status => status.State == StageInstanceState.Failed
            && status.Error!.Contains("has no cursor of this sink any more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connections_that_cannot_be_right_are_refused_with_their_place_and_without_their_value()
    {
        await using var host = await WorldSinkHost.OpenAsync(static name => name switch
        {
            "URL" => "postgres://me:secret@db/x",
            "JUNK" => "secret",
            _ => "Database=secret",
        });
        await host.StartAsync();
        string[] names = ["URL", "JUNK", "NONE"];
        var errors = new List<string>();
        foreach (var name in names)
        {
            errors.AddRange(await host.World.RefusedAsync(Text("table: x", name)));
        }

        foreach (var option in new[] { "Host=/run/postgresql", "Host=db;Passfile=/p", "Host=db;SSL Key=/k" })
        {
            var text = Text("table: x").Replace("${PG}", option, StringComparison.Ordinal);
            Assert.Contains("names a file or socket of the host", Assert.Single(await host.World.RefusedAsync(text)),
                StringComparison.Ordinal);
        }

        const string form = "write it as Host=…;Database=…;Username=…;Password=….";
        Assert.Equal(
            [
                $"Invalid 3:56: Sink 'out': 'connection' is a URL: {form}",
                $"Invalid 3:56: Sink 'out': 'connection' cannot be read as a connection string of PostgreSQL: {form}",
                $"Invalid 3:56: Sink 'out': 'connection' names no Host: {form}",
            ],
            errors);
    }

    private static readonly string[] Reasons =
    [
        "duplicate key value violates unique constraint",
        "violates check constraint",
        "the table has no column 'other': add it to the table, or leave it out in a stage's query",
        "the event is no JSON object, so it has no columns",
        "the event has no fields",
        "the database makes the column 'twice' itself: leave it out in a stage's query",
        "two fields are the column 'id'",
        "out of range for type integer",
    ];

    private static string Text(string table, string variable = "PG") => $$"""
        name: t
        streams: { numbers: { partitions: 1 } }
        sinks: { out: { from: numbers, postgres: { connection: "${{{variable}}}", {{table}} } } }
        """;

    private static Task FailsAsync(WorldSinkHost host, string error) => host.UntilAsync(
        status => status.State == StageInstanceState.Failed && status.Error == error);

    private async Task<WorldSinkHost> StartAsync(string table)
    {
        var host = await WorldSinkHost.OpenAsync(places.Variable);
        await host.StartAsync();
        await host.ApplyAsync(Text(table));
        return host;
    }
}
