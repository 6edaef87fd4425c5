using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.HttpContract;

/// <summary>PUT, GET and DELETE of pipelines, and what may be done with a running one.</summary>
public abstract class PipelinesContract(HttpService service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_pipeline_shows_its_definition_graph_and_instances()
    {
        var reply = await service.GetAsync("v1/pipelines/tests");

        Assert.Equal(200, reply.Status);
        Assert.Equal(HttpService.Definition, (string?)reply.Json["definition"]);
        Assert.Contains(reply.Json["graph"]!.AsArray(), n => (string?)n!["name"] == "odd");
        Assert.Contains(reply.Json["instances"]!.AsArray(), i => (string?)i!["stage"] == "odd");
        Assert.Contains((await service.GetAsync("v1/pipelines")).Json.AsArray(), p => (string?)p!["name"] == "tests");
    }

    [Fact]
    public async Task A_stage_turns_events_into_events_of_its_own_stream()
    {
        await service.PostAsync("one", "{\"n\":1001}\n{\"n\":1002}\n{\"n\":1003}");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        List<int> found = [];
        while (found.Count(n => n is 1001 or 1003) < 2)
        {
            await Task.Delay(20, limit.Token);
            found = [.. (await service.EventsAsync("tests.odd")).Select(e => (int)e["value"]!["n"]!)];
        }

        Assert.DoesNotContain(1002, found);
    }

    [Fact]
    public async Task The_last_windows_of_a_stream_that_ends_close_by_themselves()
    {
        var put = await service.PutAsync("ends", """
            name: ends
            streams: { last: { partitions: 2, key: k, time: at, idle: 1s } }
            stages:
              counts: { query: "SELECT k, COUNT(*) AS n FROM last GROUP BY k, TumblingWindow(second, 3)" }
            """);
        Assert.True(put.IsApplied, put.ToString());
        var at = DateTime.UtcNow.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(200, (await service.PostAsync("last", $$"""{"k":"a","at":"{{at}}"}""")).Status);
        await Eventually.IsTrueAsync(
            async () => (await service.EventsAsync("ends.counts")).Count > 0, Patience, "the window has closed");
        Assert.Equal(1, (int)Assert.Single(await service.EventsAsync("ends.counts"))["value"]!["n"]!);
        Assert.Equal(200, (await ActAsync("DELETE", "ends?streams=delete")).Status);
    }

    /// <summary>What comes out is computed anew here, from what was sent.</summary>
    [Fact]
    public async Task A_whole_job_gives_each_output_once_also_when_its_query_is_rebuilt_on_the_way()
    {
        await PutJobAsync("""
            WITH valid AS (SELECT id, v FROM meters WHERE v >= 0),
                 sums AS (SELECT id, SUM(v) AS total FROM valid GROUP BY id, TumblingWindow(second, 10))
            SELECT id, v INTO both FROM valid UNION SELECT id, -1 * v AS v FROM probes
            SELECT MAX(total) AS most, COUNT(*) AS ids, System.Timestamp() AS until
            FROM sums GROUP BY TumblingWindow(minute, 1)
            """);
        var draw = new Random(11);
        var meters = await PostReadingsAsync(draw, "meters", 0);
        var probes = await PostReadingsAsync(draw, "probes", 0);
        await PutJobAsync("""
            WITH valid AS (SELECT id, v FROM meters WHERE v >= 0),
                 negative AS (SELECT id, -1 * v AS v FROM probes),
                 sums AS (SELECT id, SUM(v) AS total FROM valid GROUP BY id, TumblingWindow(second, 10))
            SELECT id, v INTO both FROM negative UNION SELECT id, v FROM valid
            SELECT MAX(total) AS most, COUNT(*) AS ids, System.Timestamp() AS until
            FROM sums GROUP BY TumblingWindow(minute, 1)
            """);
        meters = [.. meters, .. await PostReadingsAsync(draw, "meters", 1)];
        probes = [.. probes, .. await PostReadingsAsync(draw, "probes", 1)];
        await PutJobAsync("""
            WITH valid AS (SELECT id, v FROM meters WHERE v >= 0),
                 every AS (SELECT id, -1 * v AS v FROM probes UNION SELECT id, v FROM valid),
                 sums AS (SELECT id, SUM(v) AS total FROM valid GROUP BY id, TumblingWindow(second, 10))
            SELECT id, v INTO both FROM every
            SELECT MAX(total) AS most, COUNT(*) AS ids, System.Timestamp() AS until
            FROM sums GROUP BY TumblingWindow(minute, 1)
            """);
        meters = [.. meters, .. await PostReadingsAsync(draw, "meters", 2)];
        probes = [.. probes, .. await PostReadingsAsync(draw, "probes", 2)];
        foreach (var stream in new[] { "meters", "probes" })
        {
            Assert.Equal(200, (await service.SendAsync(new HttpRequestMessage(
                HttpMethod.Post, $"v1/streams/{stream}/watermark")
            {
                Content = new StringContent("{\"time\":\"2025-01-02T00:00:00Z\"}", null, "application/json"),
            })).Status);
        }

        var both = meters.Select(r => $"{r.Id} {r.V}").Concat(probes.Select(r => $"{r.Id} {-r.V}")).Order();
        var minutes = meters.GroupBy(r => (r.Id, Ten: (r.Second + 9) / 10))
            .Select(ten => (ten.Key.Ten, Total: ten.Sum(r => r.V))).GroupBy(ten => (ten.Ten + 5) / 6)
            .Select(minute => $"{minute.Key} {minute.Max(ten => ten.Total)} {minute.Count()}").Order().ToList();
        await IsInTimeAsync("job.both", both, e => $"{e["id"]} {e["v"]}");
        await IsInTimeAsync(
            "job.output", minutes, e => $"{((DateTime)e["until"]!).ToUniversalTime().Minute} {e["most"]} {e["ids"]}");
        Assert.Equal(200, (await ActAsync("DELETE", "job?streams=delete")).Status);
    }

    [Theory]
    [InlineData("a: 1\nname: bad", "no field 'a'")]
    [InlineData("name: bad\nstreams:\n  x: { partitons: 4 }", "partitons")]
    [InlineData("name: bad\nstages:\n  s: { query: SELECT x FRM y }", "")]
    [InlineData("name: bad\nstages:\n  s: { query: SELECT x FROM nowhere }", "nowhere")]
    [InlineData("name: bad\nstages:\n  a: { query: SELECT * FROM b }\n  b: { query: SELECT * FROM a }", "")]
    [InlineData("name: [", "")]
    [InlineData("name: other", "")]
    [InlineData("name: bad\nstreams: { x: {} }\nquery: SELECT a FROM x SELECT b FROM x", "A second SELECT")]
    [InlineData("name: bad\nstreams: { x: {} }\nquery: SELECT a FROM x UNION SELECT b FROM x", "the same columns")]
    public async Task A_definition_with_a_mistake_changes_nothing(string text, string reason)
    {
        var reply = await service.PutAsync("bad", text);

        Assert.Equal((400, "invalid-definition"), (reply.Status, reply.Problem));
        var error = reply.Json["errors"]![0]!;
        Assert.InRange((int)error["line"]!, 1, 4);
        Assert.InRange((int)error["column"]!, 1, 60);
        Assert.Contains(reason, (string?)error["reason"], StringComparison.Ordinal);
        Assert.Equal(404, (await service.GetAsync("v1/pipelines/bad")).Status);
    }

    [Fact]
    public async Task Another_number_of_partitions_is_a_conflict()
    {
        var text = HttpService.Definition.Replace(
            "one: { partitions: 1 }", "one: { partitions: 2 }", StringComparison.Ordinal);

        var reply = await service.PutAsync("tests", text);

        Assert.Equal((409, "conflict"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task A_stream_of_another_pipeline_is_a_conflict()
    {
        var reply = await service.PutAsync("taker", "name: taker\nstreams:\n  one: { partitions: 1 }\n");

        Assert.Equal((409, "conflict"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task The_same_definition_again_changes_nothing()
    {
        var reply = await service.PutAsync("tests", HttpService.Definition);

        Assert.Equal((200, false), (reply.Status, (bool?)reply.Json["changed"]));
    }

    [Fact]
    public async Task A_definition_in_another_media_type_is_not_understood() => Assert.Equal(
        (415, "unsupported-media-type"),
        await service.PutAsync("bad", "name: bad", "text/plain") is var r ? (r.Status, r.Problem) : default);

    [Fact]
    public async Task A_pipeline_may_be_paused_resumed_and_deleted()
    {
        const string Text = """{"name":"gone","streams":{"gone":{}}}""";
        Assert.True((await service.PutAsync("gone", Text, "application/json")).IsApplied);
        Assert.Equal(true, (bool?)(await ActAsync("POST", "gone/pause")).Json["paused"]);
        Assert.Equal(false, (bool?)(await ActAsync("POST", "gone/resume")).Json["paused"]);
        Assert.Equal(200, (await ActAsync("DELETE", "gone")).Status);
        Assert.Equal(404, (await service.GetAsync("v1/pipelines/gone")).Status);
        Assert.Equal(200, (await service.GetAsync("v1/streams/gone")).Status);
    }

    [Fact]
    public async Task Instances_pause_and_resume_with_their_pipeline_and_streams_go_with_it_where_that_is_asked()
    {
        const string Text = """
            name: held
            streams:
              held: { partitions: 2, key: k }
            stages:
              all: { query: SELECT k FROM held }
            """;
        Assert.True((await service.PutAsync("held", Text)).IsApplied);
        Assert.Equal(200, (await ActAsync("POST", "held/pause")).Status);
        await InstancesAreAsync("held", 2, "paused");
        Assert.Equal(200, (await ActAsync("POST", "held/resume")).Status);
        await InstancesAreAsync("held", 2, "running");
        var letters = await ActAsync("GET", "held/dead-letters");
        Assert.Equal((200, 0), (letters.Status, letters.Json["deadLetters"]!.AsArray().Count));
        Assert.Equal(200, (await ActAsync("DELETE", "held?streams=delete")).Status);
        var gone = await service.GetAsync("v1/streams/held");
        Assert.Equal((404, "stream-not-found"), (gone.Status, gone.Problem));
    }

    [Theory]
    [InlineData("POST", "nowhere/pause", 404)]
    [InlineData("GET", "nowhere", 404)]
    [InlineData("GET", "nowhere/dead-letters", 404)]
    [InlineData("DELETE", "nowhere", 404)]
    [InlineData("DELETE", "tests?streams=maybe", 400)]
    [InlineData("GET", "tests/dead-letters?max=x", 400)]
    [InlineData("POST", "tests/replay?from=x", 400)]
    public async Task A_refusal_is_a_problem(string method, string path, int status)
    {
        var reply = await ActAsync(method, path);

        Assert.Equal(status, reply.Status);
        Assert.DoesNotContain("no problem", reply.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "tests/savepoints")]
    [InlineData("POST", "tests/replay")]
    [InlineData("POST", "tests/dead-letters/redrive")]
    [InlineData("GET", "tests/stages/odd/state/x")]
    [InlineData("GET", "tests/savepoints")]
    [InlineData("GET", "tests/savepoints/one")]
    [InlineData("POST", "tests/dead-letters/discard")]
    [InlineData("GET", "../stores")]
    [InlineData("POST", "../stores")]
    [InlineData("PUT", "../stores/a")]
    [InlineData("DELETE", "../stores/a")]
    [InlineData("GET", "../cluster")]
    [InlineData("POST", "../transactions")]
    [InlineData("GET", "../transactions/x")]
    [InlineData("POST", "../streams/one/hold")]
    [InlineData("POST", "../streams/one/batches")]
    public async Task What_is_not_built_says_so(string method, string path)
    {
        var reply = await ActAsync(method, path);

        Assert.Equal((501, "not-built"), (reply.Status, reply.Problem));
    }

    [Theory]
    [InlineData("savepoint=tests/one")]
    public async Task What_a_put_must_not_pass_over_is_refused_and_nothing_is_applied(string query)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"v1/pipelines/dry?{query}")
        {
            Content = new StringContent("name: dry\nstreams: { dry: {} }", null, "application/yaml"),
        };

        Assert.Equal((501, "not-built"), Short(await service.SendAsync(request)));
        Assert.Equal(404, (await service.GetAsync("v1/pipelines/dry")).Status);
    }

    [Fact]
    public async Task A_definition_that_is_only_tried_changes_nothing_and_says_what_would_become_of_each_stage()
    {
        const string One = """
            name: tried
            streams: { trials: { partitions: 2, key: k } }
            stages:
              plain: { query: SELECT k FROM trials }
              windows: { query: "SELECT k, COUNT(*) AS n FROM trials GROUP BY k, TumblingWindow(hour, 1)" }

            """;
        var tried = await TryAsync("tried", One);
        Assert.True(tried.Status == 200, tried.ToString());
        Assert.Equal((true, "plain empty, windows empty"), Changes(tried));
        Assert.Equal(404, (await service.GetAsync("v1/pipelines/tried")).Status);
        Assert.True((await service.PutAsync("tried", One)).IsApplied);
        Assert.Equal(200, (await service.PostAsync("trials", """{"k":"a"}""")).Status);
        await Eventually.IsTrueAsync(
            async () => (await service.EventsAsync("tried.plain")).Count == 1, Patience, "the event is read");

        Assert.Equal((true, "plain kept, windows kept"), Changes(await TryAsync("tried", One)));
        var other = One.Replace("hour", "minute", StringComparison.Ordinal)
            .Replace("plain:", "renamed:", StringComparison.Ordinal);
        tried = await TryAsync("tried", other);
        Assert.Equal((true, "renamed empty, windows lost, plain empty"), Changes(tried));
        var cut = tried.Json["changes"]![1]!["cut"]!.AsArray();
        Assert.Equal(2, cut.Count);

        // In a cluster the keeper knows an instance's place by its last report.
        await Eventually.IsTrueAsync(
            async () => (await TryAsync("tried", other)).Json["changes"]![1]!["cut"]!.AsArray()
                .Sum(static at => (long)at!["offset"]!) == 1,
            Patience,
            "the place is known");
        var wrong = await TryAsync("tried", "name: tried\nstages: { a: { query: SELECT FROM } }");
        Assert.Equal((400, "invalid-definition"), Short(wrong));
        var spread = One.Replace("2,", "3,", StringComparison.Ordinal);
        Assert.Equal((409, "conflict"), Short(await TryAsync("tried", spread)));
        foreach (var query in (string[])["perhaps", "", "true&dryRun=false"])
        {
            Assert.Equal((400, "malformed"), Short(await TryAsync("tried", One, $"dryRun={query}")));
        }

        var now = (await service.GetAsync("v1/pipelines/tried")).Json;
        Assert.Equal((1, One), ((int)now["generation"]!, (string?)now["definition"]));
        Assert.Equal(200, (await ActAsync("DELETE", "tried?streams=delete")).Status);
    }

    [Fact]
    public async Task Every_change_can_be_made_for_one_generation_alone()
    {
        await service.PutAsync("tagged", "name: tagged\nstreams: { tagged: {} }");
        await service.PutAsync("tagged", "name: tagged\nstreams: { tagged: {}, more: {} }");
        foreach (var (method, path) in new[]
        {
            ("POST", "tagged/pause"), ("POST", "tagged/resume"), ("POST", "tagged/rollback"), ("DELETE", "tagged"),
        })
        {
            Assert.Equal((412, "generation-differs"), Short(await ActAsync(method, path, "\"1\"")));
            Assert.Equal((400, "malformed"), Short(await ActAsync(method, path, "\"x\"")));
            Assert.Equal(2, (int)(await service.GetAsync("v1/pipelines/tagged")).Json["generation"]!);
            Assert.False((bool)(await service.GetAsync("v1/pipelines/tagged")).Json["paused"]!);
        }

        Assert.Equal(200, (await ActAsync("POST", "tagged/pause", "\"2\"")).Status);
        Assert.Equal(200, (await ActAsync("POST", "tagged/resume", "\"2\"")).Status);
        Assert.Equal(200, (await ActAsync("DELETE", "tagged", "\"2\"")).Status);

        // What is not there is not found, whatever the precondition (RFC 9110, section 13.2.1).
        Assert.Equal((404, "pipeline-not-found"), Short(await ActAsync("DELETE", "tagged", "\"2\"")));
        Assert.Equal((404, "pipeline-not-found"), Short(await ActAsync("POST", "tagged/pause", "\"2\"")));
    }

    private Task<Reply> TryAsync(string name, string text, string query = "dryRun=true") =>
        service.SendAsync(new HttpRequestMessage(HttpMethod.Put, $"v1/pipelines/{name}?{query}")
        {
            Content = new StringContent(text, null, "application/yaml"),
        });

    private static (bool IsValid, string Changes) Changes(Reply tried) => (
        (bool)tried.Json["valid"]!,
        string.Join(", ", tried.Json["changes"]!.AsArray().Select(
            static change => $"{change!["stage"]} {change["state"]}")));

    private async Task PutJobAsync(string query)
    {
        var put = await service.PutAsync("job", "name: job\n"
            + "streams: {meters: {partitions: 3, key: id, time: at}, probes: {partitions: 2, key: id, time: at}}\n"
            + $"query: |\n  {query.ReplaceLineEndings("\n  ")}\n");
        Assert.True(put.IsApplied, put.ToString());
    }

    /// <summary>Two minutes of readings, in the order of their times.</summary>
    private async Task<List<(string Id, int V, int Second)>> PostReadingsAsync(Random draw, string stream, int round)
    {
        var readings = Enumerable.Range((120 * round) + 1, 120)
            .Select(second => (Id: $"m{draw.Next(7)}", V: draw.Next(1000), Second: second)).ToList();
        var lines = readings.Select(r => $$"""
            {"id":"{{r.Id}}","v":{{r.V}},"at":"2025-01-01T00:{{r.Second / 60:00}}:{{r.Second % 60:00}}Z"}
            """);
        await Eventually.IsTrueAsync(
            async () => (await service.PostAsync(
                stream, string.Join('\n', lines), headers: $"Idempotency-Key: {stream}-{round}")).Status == 200,
            Patience,
            $"{stream} takes events");
        return readings;
    }

    private async Task IsInTimeAsync(
        string stream, IEnumerable<string> expected, Func<System.Text.Json.Nodes.JsonNode, string> read)
    {
        var wanted = expected.ToList();
        List<string> found = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                found = [.. (await service.EventsAsync(stream)).Select(e => read(e["value"]!)).Order()];
                return found.Count >= wanted.Count;
            },
            Patience,
            $"all of {stream} is there");
        Assert.Equal(wanted, found);
    }

    private static (int Status, string Problem) Short(Reply reply) => (reply.Status, reply.Problem);

    private Task InstancesAreAsync(string pipeline, int count, string state) => Eventually.IsTrueAsync(
        async () =>
        {
            var instances = (await service.GetAsync($"v1/pipelines/{pipeline}")).Json["instances"]!.AsArray();
            return instances.Count == count && instances.All(instance => (string?)instance!["state"] == state);
        },
        TimeSpan.FromSeconds(30),
        $"{count} instances {state}");

    private Task<Reply> ActAsync(string method, string path, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), $"v1/pipelines/{path}");
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            request.Content = method == "POST"
                ? new StringContent("{\"generation\":1}", null, "application/json")
                : null;
        }

        return service.SendAsync(request);
    }
}
