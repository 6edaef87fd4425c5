using Pipeline.Http.Tests.Service;
using Xunit;

namespace Pipeline.Http.Tests.Pipelines;

[Collection(ServiceTestGroup.Name)]
public class PipelineEndpointsTests(RunningService service)
{
    [Fact]
    public async Task A_pipeline_shows_its_definition_graph_and_instances()
    {
        var reply = await service.GetAsync("v1/pipelines/tests");

        Assert.Equal(200, reply.Status);
        Assert.Equal(RunningService.Definition, (string?)reply.Json["definition"]);
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

    [Theory]
    [InlineData("a: 1\nname: bad", "no field 'a'")]
    [InlineData("name: bad\nstreams:\n  x: { partitons: 4 }", "partitons")]
    [InlineData("name: bad\nstages:\n  s: { query: SELECT x FRM y }", "")]
    [InlineData("name: bad\nstages:\n  s: { query: SELECT x FROM nowhere }", "nowhere")]
    [InlineData("name: bad\nstages:\n  a: { query: SELECT * FROM b }\n  b: { query: SELECT * FROM a }", "")]
    [InlineData("name: [", "")]
    [InlineData("name: other", "")]
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
        var text = RunningService.Definition.Replace(
            "one: { partitions: 1 }", "one: { partitions: 2 }", StringComparison.Ordinal);

        var reply = await service.PutAsync("tests", text);

        Assert.Equal((409, "conflict"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task The_same_definition_again_changes_nothing()
    {
        var reply = await service.PutAsync("tests", RunningService.Definition);

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
        Assert.Equal(200, (await service.PutAsync("gone", Text, "application/json")).Status);
        Assert.Equal(true, (bool?)(await ActAsync("POST", "gone/pause")).Json["paused"]);
        Assert.Equal(false, (bool?)(await ActAsync("POST", "gone/resume")).Json["paused"]);
        Assert.Equal(200, (await ActAsync("DELETE", "gone")).Status);
        Assert.Equal(404, (await service.GetAsync("v1/pipelines/gone")).Status);
        Assert.Equal(200, (await service.GetAsync("v1/streams/gone")).Status);
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
    public async Task What_is_not_built_says_so(string method, string path)
    {
        var reply = await ActAsync(method, path);

        Assert.Equal((501, "not-built"), (reply.Status, reply.Problem));
    }

    private Task<Reply> ActAsync(string method, string path) =>
        service.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"v1/pipelines/{path}"));
}
