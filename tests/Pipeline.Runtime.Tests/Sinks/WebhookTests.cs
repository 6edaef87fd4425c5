using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Webhooks;
using Pipeline.Runtime.Tests.Pipelines;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Replicas;
using Pipeline.TestKit.Sinks;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>What a webhook sends, and what it does with answers.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly WebhookReceiver _receiver = new();
    private ThreeStores _stores = null!;
    private PipelineWorld _world = null!;
    private int _starts;

    public async ValueTask InitializeAsync()
    {
        _stores = await ThreeStores.FormatAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _stores.DisposeAsync();
        _receiver.Dispose();
    }

    [Fact]
    public async Task A_request_has_the_event_its_key_the_headers_and_a_signature_of_its_body()
    {
        await ApplyAsync("secret: '${SECRET}', headers: { Authorization: 'Bearer ${SECRET}', X-Team: a b }");
        await _world.AppendAsync("s", "1", ("k", """{"n": 1.50}"""));
        var request = Assert.Single(await TakenAsync(1));
        Assert.Equal("""{"n": 1.50}""", request.Body);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal(("Bearer hush", "a b"), (request.Headers["Authorization"], request.Headers["X-Team"]));
        Assert.Equal(
            WebhookSignature.Of(Encoding.UTF8.GetBytes(request.Body), "hush"),
            request.Headers["X-Pipeline-Signature"]);
        Assert.Matches("^[0-9a-f]{16}-0-0$", request.Key);
    }

    [Fact]
    public async Task A_CloudEvent_is_named_by_its_place_in_the_stream()
    {
        await ApplyAsync("format: cloudevents");
        await _world.AppendAsync("s", "1", ("k\"1", """{"n":1}"""));
        var request = Assert.Single(await TakenAsync(1));
        Assert.Equal("application/cloudevents+json", request.Headers["Content-Type"]);
        var json = request.Json.AsObject();
        Assert.True(DateTimeOffset.TryParse((string?)json["time"], out _));
        json.Remove("time");
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$$"""
                {"specversion":"1.0","id":"{{{request.Key}}}","source":"/v1/streams/s","type":"pipeline.event",
                 "datacontenttype":"application/json","partitionkey":"k\"1","data":{"n":1}}
                """),
            json), request.Body);
    }

    [Fact]
    public async Task Events_of_one_key_come_in_order_and_others_side_by_side_whatever_is_answered_and_killed()
    {
        var draw = new Random(11);
        _receiver.Thinks = () => TimeSpan.FromMilliseconds(draw.Next(0, 4));
        _receiver.Answer = _ => draw.Next(20) switch { 0 => 500, 1 => 429, 2 => WebhookReceiver.Dropped, _ => 200 };
        await ApplyAsync("concurrency: 16");
        const int Keys = 40, Rounds = 25;
        for (var round = 0; round < Rounds; round++)
        {
            await _world.AppendAsync("s", $"r{round}", [.. Enumerable.Range(0, Keys).Select(
                key => ($"k{key}", $$"""{"k":{{key}},"n":{{round}}}"""))]);
            if (round % 8 == 7)
            {
                await StartAsync();
            }
        }

        var taken = await TakenAsync(Keys * Rounds);
        Assert.Equal(Keys * Rounds, taken.Count);
        foreach (var of in taken.GroupBy(static request => (int)request.Json["k"]!))
        {
            Assert.Equal(Enumerable.Range(0, Rounds), of.Select(static request => (int)request.Json["n"]!));
        }

        Assert.InRange(_receiver.MostUnderWay, 4, 32);
        Assert.Empty(await LettersAsync());
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(413, true)]
    [InlineData(422, true)]
    [InlineData(301, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(409, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task What_may_be_because_of_the_event_is_a_dead_letter_all_else_is_sent_again(
        int status, bool isLetter)
    {
        var answers = 0;
        _receiver.Answer = request => (int)request.Json["n"]! == 1 && answers++ < 3 ? status : 200;
        await ApplyAsync("concurrency: 4");
        await _world.AppendAsync("s", "1", ("a", """{"n":0}"""), ("a", """{"n":1}"""), ("a", """{"n":2}"""));
        await UntilAsync(static instance => instance.Cursor == 3);
        int[] expected = isLetter ? [0, 2] : [0, 1, 2];
        Assert.Equal(expected, (await TakenAsync(expected.Length)).Select(static request => (int)request.Json["n"]!));
        if (isLetter)
        {
            var letter = JsonNode.Parse(Assert.Single(await LettersAsync()))!;
            Assert.Equal($"The target answered {status}: {{\"said\":{status}}}", (string?)letter["reason"]);
        }
        else
        {
            Assert.Empty(await LettersAsync());
            Assert.Equal(4, answers);
        }
    }

    [Fact]
    public async Task An_event_that_always_fails_holds_up_its_partition_and_says_so_until_it_is_given_up()
    {
        _receiver.Answer = static request => (int)request.Json["n"]! == 1 ? 500 : 200;
        await ApplyAsync("concurrency: 4");
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""), ("a", """{"n":2}"""), ("b", """{"n":3}"""));
        await UntilAsync(static instance => instance.State == StageInstanceState.Blocked
            && instance.Cursor == 0
            && instance.Error!.StartsWith("target: offset 0, attempt ", StringComparison.Ordinal)
            && instance.Error.Contains("it answered 500", StringComparison.Ordinal));
        Assert.Equal([3], (await TakenAsync(1)).Select(static request => (int)request.Json["n"]!));

        await ApplyAsync("concurrency: 4, attempts: 3");
        await UntilAsync(static instance => instance is { State: StageInstanceState.Running, Cursor: 3 });
        Assert.Equal([3, 2], (await TakenAsync(2)).Select(static request => (int)request.Json["n"]!));
        var letter = JsonNode.Parse(Assert.Single(await LettersAsync()))!;
        Assert.Equal(
            """Given up after 3 attempts: it answered 500: {"said":500}""", (string?)letter["reason"]);
    }

    [Fact]
    public async Task A_target_that_must_be_mended_by_somebody_fails_the_sink_which_goes_on_by_itself_then()
    {
        _receiver.Answer = static _ => 404;
        await ApplyAsync("concurrency: 2");
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""));
        await UntilAsync(static instance => instance.State == StageInstanceState.Failed);
        _receiver.Answer = static _ => 200;
        await UntilAsync(
            static instance => instance is { State: StageInstanceState.Running, Cursor: 1, Error: null });
    }

    [Fact]
    public async Task A_target_that_asks_to_wait_is_left_alone_for_so_long()
    {
        _receiver.Header = ("Retry-After", "2");
        _receiver.Answer = static _ => 503;
        await ApplyAsync("concurrency: 2");
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""));
        await Eventually.IsTrueAsync(() => Task.FromResult(_receiver.All.Count == 1), Limit, "the first request");
        var first = TimeProvider.System.GetTimestamp();
        await Eventually.IsTrueAsync(() => Task.FromResult(_receiver.All.Count > 1), Limit, "the second request");
        Assert.True(TimeProvider.System.GetElapsedTime(first) > TimeSpan.FromSeconds(1.8));
    }

    [Fact]
    public async Task No_answer_in_time_is_a_failure_and_the_status_says_so()
    {
        _receiver.Thinks = static () => TimeSpan.FromSeconds(1);
        await ApplyAsync("timeout: 200ms");
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""));
        await UntilAsync(static instance =>
            instance.Error?.EndsWith("no answer within 0.2 s", StringComparison.Ordinal) == true);
        _receiver.Thinks = static () => TimeSpan.Zero;
        await UntilAsync(static instance => instance is { Cursor: 1, Error: null });
    }

    [Fact]
    public async Task A_private_address_is_refused_in_the_definition_and_behind_a_name()
    {
        var errors = await _world.RefusedAsync(Definition("http://172.16.2.3/hook", ""));
        Assert.Equal(
            "Invalid 3:42: Sink 'out': 'url' leads to a private address, where webhooks go only if the host's setting "
                + "Pipeline:Sinks:PrivateHosts names it.",
            Assert.Single(errors));
        Assert.Single(await _world.RefusedAsync(Definition("https://localhost/hook", "")));
        Assert.Single(await _world.RefusedAsync(Definition("https://[::1]/hook", "")));

        // A name of this machine, which stands for an address of its own network.
        await _world.ApplyAsync(Definition($"http://{Dns.GetHostName()}:{_receiver.Address.Port}/hook", ""));
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""));
        await UntilAsync(static instance => instance.State == StageInstanceState.Failed
            && instance.Error!.Contains("leads to a private address", StringComparison.Ordinal));
        Assert.Empty(_receiver.All);
    }

    [Theory]
    [InlineData(422, "invalid token: hush")]
    [InlineData(500, "{\"sent\":\"Bearer hush\"}")]
    [InlineData(422, "nothing at /T000/PATHSECRET?sig=QUERY%2FSECRET")]
    [InlineData(422, "no hook PATHSECRET, no signature QUERY/SECRET")]
    public async Task What_a_target_says_is_shown_without_the_values_of_variables(int status, string said)
    {
        _receiver.Answer = _ => status;
        _receiver.Says = _ => said;
        await _world.ApplyAsync(Definition("${HOOK}", "attempts: 2, headers: { Authorization: 'Bearer ${SECRET}' }"));
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""));
        await UntilAsync(static instance => instance.Cursor == 1);
        var letter = Assert.Single(await LettersAsync());
        foreach (var value in (string[])["hush", "PATHSECRET", "QUERY", "127.0.0.1"])
        {
            Assert.DoesNotContain(value, letter, StringComparison.Ordinal);
        }

        Assert.Contains("…", letter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_at_the_end_of_what_is_read_is_not_shown_in_part()
    {
        _receiver.Answer = static _ => 422;
        _receiver.Says = static _ => new string(' ', 4_093) + "hush, and more";
        await ApplyAsync("headers: { Authorization: 'Bearer ${SECRET}' }");
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""));
        await UntilAsync(static instance => instance.Cursor == 1);
        Assert.Equal(
            "The target answered 422", (string?)JsonNode.Parse(Assert.Single(await LettersAsync()))!["reason"]);
    }

    [Fact]
    public async Task A_status_counts_though_its_text_never_ends()
    {
        using var stalling = new TcpListener(IPAddress.Loopback, 0);
        stalling.Start();
        var answering = Task.Run(() => StallAsync(stalling), TestContext.Current.CancellationToken);
        await _world.ApplyAsync(Definition($"http://{stalling.LocalEndpoint}/hook", "timeout: 20s"));
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""));
        await UntilAsync(static instance => instance.Cursor == 1);
        var letter = JsonNode.Parse(Assert.Single(await LettersAsync()))!;
        Assert.Equal("The target answered 422: bad {", (string?)letter["reason"]);
        stalling.Stop();
        await answering;
    }

    [Fact]
    public async Task Another_format_is_another_body_and_has_another_key()
    {
        _receiver.Answer = static _ => 500;
        await ApplyAsync("format: json");
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""));
        await Eventually.IsTrueAsync(() => Task.FromResult(_receiver.All.Count > 0), Limit, "the first request");
        await ApplyAsync("format: cloudevents");
        _receiver.Answer = static _ => 200;
        await UntilAsync(static instance => instance.Cursor == 1);
        Assert.NotEqual(_receiver.All.First().Key, Assert.Single(_receiver.Distinct()).Key);
    }

    [Fact]
    public async Task A_letter_says_how_often_its_event_was_sent()
    {
        _receiver.Answer = static _ => 500;
        await ApplyAsync("attempts: 3");
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""));
        await UntilAsync(static instance => instance.Cursor == 1);
        Assert.Equal(3, (int)JsonNode.Parse(Assert.Single(await LettersAsync()))!["attempts"]!);
    }

    [Fact]
    public async Task Values_of_variables_are_in_no_status()
    {
        await _world.ApplyAsync(Definition("${CLOSED}", "headers: { Authorization: '${SECRET}' }"));
        await _world.AppendAsync("s", "1", ("a", """{"n":1}"""));
        await UntilAsync(static instance => instance.Error is not null);
        Assert.DoesNotContain("hidden", (await InstanceAsync()).Error, StringComparison.Ordinal);
    }

    /// <summary>Answers 422, begins to say why, and never ends.</summary>
    private static async Task StallAsync(TcpListener listener)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().ReadAtLeastAsync(new byte[65_536], 1);
            await client.GetStream().WriteAsync(
                "HTTP/1.1 422 No\r\nContent-Length: 1000\r\n\r\nbad {"u8.ToArray());
            await listener.AcceptTcpClientAsync();
        }
        catch (SocketException)
        {
            // It is over.
        }
    }

    private static string Definition(string url, string fields) => $$"""
        name: t
        streams: { s: { partitions: 1, key: k } }
        sinks: { out: { from: s, webhook: { url: "{{url}}", {{fields}} } } }
        """;

    private async Task ApplyAsync(string fields) =>
        await _world.ApplyAsync(Definition($"{_receiver.Address}", fields));

    /// <summary>Starts a process over the same stores; the one before is dropped, as by kill -9.</summary>
    private async Task StartAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }

        _world = await PipelineWorld.StartAsync(
            _stores,
            ++_starts,
            variables: name => name switch
            {
                "SECRET" => "hush",
                "CLOSED" => "http://127.0.0.1:9/hidden",
                "HOOK" => $"{_receiver.Address}/PATHSECRET?sig=QUERY%2FSECRET",
                _ => null,
            },
            change: static settings => settings with { WebhookHosts = WebhookHosts.Read("127.0.0.1", []) });
    }

    private async Task<IReadOnlyList<WebhookRequest>> TakenAsync(int count) => await Eventually.GetAsync(
        () => Task.FromResult(_receiver.Distinct()), taken => taken.Count >= count, Limit, $"{count} events");

    private async Task<StageInstanceStatus> InstanceAsync()
    {
        var found = default(StageInstanceStatus);
        await _world.UntilAsync("t", status => (found = status.Instances[0]) is not null);
        return found!;
    }

    private Task UntilAsync(Func<StageInstanceStatus, bool> look) =>
        _world.UntilAsync("t", status => look(status.Instances[0]));

    private async Task<IReadOnlyList<string>> LettersAsync() =>
        [.. (await _world.Keeper.DeadLettersAsync("t", 0, 1_000, TestContext.Current.CancellationToken)).Letters
            .Select(static letter => Encoding.UTF8.GetString(letter.Span))];
}
