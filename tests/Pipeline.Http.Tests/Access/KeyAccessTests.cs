using System.Net.Http.Headers;
using Xunit;

namespace Pipeline.Http.Tests.Access;

/// <summary>What holders of keys may do, and what others are told.</summary>
[Collection(AccessGroup.Name)]
public sealed class KeyAccessTests(GuardedService guarded)
{
    /// <summary>Every operation with the role it needs; "" for those that are open.</summary>
    public static TheoryData<string, string, string> Operations => new()
    {
        { "GET", "", "" },
        { "GET", "health", "" },
        { "GET", "health/ready", "" },
        { "GET", "health/startup", "" },
        { "GET", "health/live", "" },
        { "GET", "alive", "" },
        { "GET", "openapi/v1.json", "" },
        { "GET", "metrics", "reader" },
        { "GET", "v1/history", "reader" },
        { "GET", "v1/alerts", "reader" },
        { "POST", "v1/alerts/test", "operator" },
        { "POST", "v1/alerts/lag/silence", "operator" },
        { "GET", "v1/backups", "reader" },
        { "POST", "v1/backups", "operator" },
        { "GET", "v1/backups/none", "reader" },
        { "GET", "v1/streams", "reader" },
        { "GET", "v1/streams/plain", "reader" },
        { "GET", "v1/streams/plain/events", "reader" },
        { "POST", "v1/streams/plain/events", "producer" },
        { "POST", "v1/streams/plain/watermark", "producer" },
        { "GET", "v1/streams/plain/consumers", "reader" },
        { "GET", "v1/streams/plain/consumers/none", "reader" },
        { "PUT", "v1/streams/plain/consumers/some", "operator" },
        { "DELETE", "v1/streams/plain/consumers/none", "operator" },
        { "POST", "v1/streams/plain/consumers/none/commit", "reader" },
        { "GET", "v1/pipelines", "reader" },
        { "GET", "v1/pipelines/none", "reader" },
        { "GET", "v1/pipelines/none/dead-letters", "reader" },
        { "GET", "v1/pipelines/none/stages/a/state/k", "reader" },
        { "GET", "v1/pipelines/none/versions", "reader" },
        { "POST", "v1/pipelines/none/rollback", "operator" },
        { "PUT", "v1/pipelines/none", "operator" },
        { "DELETE", "v1/pipelines/none", "operator" },
        { "POST", "v1/pipelines/none/pause", "operator" },
        { "POST", "v1/pipelines/none/resume", "operator" },
        { "POST", "v1/pipelines/none/savepoints", "operator" },
        { "POST", "v1/pipelines/none/replay", "operator" },
        { "POST", "v1/pipelines/none/dead-letters/redrive", "operator" },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Each_operation_is_open_or_needs_one_role(string method, string path, string role)
    {
        var isOpen = role.Length == 0;
        var unknown = await guarded.SendAsync(method, path, null);
        Assert.Equal(isOpen ? 200 : 401, unknown.Status);
        (string Role, string Key)[] keys =
            [("producer", guarded.Producer), ("reader", guarded.Reader), ("operator", guarded.Operator)];
        foreach (var (its, key) in keys)
        {
            var reply = await guarded.SendAsync(method, path, key);
            Assert.False(reply.Status == 401, reply.ToString());
            Assert.True((reply.Status == 403) == (!isOpen && its != role), $"{its}: {reply}");
        }
    }

    [Theory]
    [InlineData("v1/streams", 401)]
    [InlineData("v1/streams/plain/events", 401)]
    [InlineData("v1/pipelines", 401)]
    [InlineData("metrics", 401)]
    [InlineData("v1/history", 401)]
    [InlineData("health", 200)]
    [InlineData("", 200)]
    [InlineData("console/main.js", 200)]
    public async Task HEAD_needs_what_GET_needs(string path, int status) =>
        Assert.Equal(status, (await guarded.SendAsync("HEAD", path, null)).Status);

    [Fact]
    public async Task The_list_above_has_every_operation_of_the_API_document()
    {
        var paths = (await guarded.SendAsync("GET", "openapi/v1.json", null)).Json["paths"]!.AsObject();
        var operations = paths.Sum(path => path.Value!.AsObject().Count);
        // The document does not list itself.
        Assert.Equal(Operations.Count - 1, operations);
        var guardedOnes = paths.SelectMany(path => path.Value!.AsObject())
            .Count(operation => operation.Value!["responses"]!["401"] is not null);
        Assert.Equal(Operations.Count(row => row.Data.Item3.Length > 0), guardedOnes);
    }

    [Fact]
    public async Task Without_a_key_the_answer_says_how_to_send_one()
    {
        var reply = await guarded.SendAsync("GET", "v1/streams", null);
        Assert.Equal("unauthenticated", reply.Problem);
        Assert.Equal("Bearer realm=\"pipeline\"", reply.Headers.WwwAuthenticate.ToString());
        Assert.Contains("Authorization: Bearer <key>", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("0123456789012345678901234567890123456789")]
    public async Task A_key_that_is_not_known_is_refused_and_not_repeated(string key)
    {
        var reply = await guarded.SendAsync("POST", "v1/streams/plain/events", key);
        Assert.Equal((401, "unauthenticated"), (reply.Status, reply.Problem));
        Assert.Contains("error=\"invalid_token\"", reply.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(key, reply.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endless_and_doubled_credentials_are_refused()
    {
        Assert.Equal(401, (await guarded.SendAsync("GET", "v1/streams", new string('k', 10_000))).Status);
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/streams");
        var header = $"Bearer {guarded.Reader}";
        request.Headers.TryAddWithoutValidation("Authorization", [header, header]);
        Assert.Equal(401, (await guarded.Service.SendAsync(request)).Status);
    }

    [Fact]
    public async Task A_missing_role_is_named()
    {
        var reply = await guarded.SendAsync("POST", "v1/streams/plain/events", guarded.Reader);
        Assert.Equal((403, "forbidden"), (reply.Status, reply.Problem));
        Assert.Contains(
            "role 'producer' or 'producer:plain', which the key 'board'", reply.Body, StringComparison.Ordinal);
        Assert.Contains(
            "error=\"insufficient_scope\"", reply.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(guarded.Reader, reply.ToString(), StringComparison.Ordinal);
        var verb = await guarded.SendAsync("POST", "v1/pipelines/none/pause", guarded.Producer);
        Assert.Contains("role 'operator', which the key 'sensors'", verb.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_for_one_stream_writes_reads_and_sees_that_stream_alone()
    {
        var key = guarded.OfPlain;
        Assert.Equal(200, (await guarded.SendAsync("POST", "v1/streams/plain/events", key)).Status);
        Assert.Equal(200, (await guarded.SendAsync("GET", "v1/streams/plain/events", key)).Status);
        Assert.Equal(403, (await guarded.SendAsync("POST", "v1/streams/one/events", key)).Status);
        Assert.Equal(403, (await guarded.SendAsync("GET", "v1/streams/one/events", key)).Status);
        Assert.Equal(403, (await guarded.SendAsync("GET", "v1/streams/PLAIN", key)).Status);
        Assert.Equal(403, (await guarded.SendAsync("GET", "v1/pipelines", key)).Status);
        Assert.Equal(403, (await guarded.SendAsync("GET", "metrics", key)).Status);
        var list = await guarded.SendAsync("GET", "v1/streams", key);
        Assert.Equal(["plain"], list.Json.AsArray().Select(stream => (string?)stream!["name"]));
        Assert.True((await guarded.SendAsync("GET", "v1/streams", guarded.Reader)).Json.AsArray().Count > 1);
    }

    [Fact]
    public async Task A_refused_request_appends_nothing()
    {
        var before = (await guarded.Service.EventsAsync("spread")).Count;
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/streams/spread/events")
        {
            Content = new StringContent("{\"k\":1}\n", new MediaTypeHeaderValue("application/x-ndjson")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", guarded.OfPlain);
        Assert.Equal(403, (await guarded.Service.SendAsync(request)).Status);
        Assert.Equal(before, (await guarded.Service.EventsAsync("spread")).Count);
    }
}
