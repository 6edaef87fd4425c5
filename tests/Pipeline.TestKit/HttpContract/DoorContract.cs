using System.Text;
using Pipeline.TestKit.Wire;

namespace Pipeline.TestKit.HttpContract;

/// <summary>
/// Who may not come in without any key: pages of other origins, names that are not this machine's; and what every
/// answer tells a browser.
/// </summary>
public abstract class DoorContract(HttpService service)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string> Changes { get; } = new()
    {
        { "POST", "v1/streams/plain/events" },
        { "POST", "v1/streams/plain/watermark" },
        { "POST", "v1/pipelines/tests/pause" },
        { "POST", "v1/pipelines/tests/resume" },
        { "PUT", "v1/pipelines/tests" },
        { "DELETE", "v1/pipelines/tests" },
        { "PATCH", "nothing/here" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_from_another_origin_is_refused(string method, string path)
    {
        foreach (var header in (string[])[
            "Origin: http://evil.example", "Origin: null", $"Origin: http://127.0.0.1:1", "Origin: x",
            "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "sec-fetch-site: CROSS-SITE"])
        {
            var reply = await SendAsync(method, path, header);

            Assert.True((403, "foreign-origin") == (reply.Status, reply.Problem), $"{header}: {reply}");
        }

        Assert.Equal(200, (await service.GetAsync("v1/pipelines/tests")).Status);
    }

    [Fact]
    public async Task The_service_s_own_pages_and_clients_without_a_browser_are_let_in()
    {
        foreach (var address in service.Addresses)
        {
            foreach (var header in (string[])[
                $"Origin: http://{address.Authority}", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "X: 1"])
            {
                var reply = await AskAsync(
                    address, "POST /v1/streams/plain/events", $"Host: {address.Authority}\r\n{header}", "1");

                Assert.True(reply.Status == 200, $"{header}: {reply}");
            }
        }

        Assert.Equal(200, (await SendAsync("GET", "v1/streams", "Origin: http://evil.example")).Status);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.0.2.1")]
    [InlineData("0.0.0.0")]
    [InlineData("")]
    public async Task Without_authentication_a_name_that_is_not_of_this_machine_is_misdirected(string host)
    {
        foreach (var request in (string[])[
            "GET /", "GET /v1/streams", "GET /health", "POST /v1/streams/plain/events", "GET /openapi/v1.json"])
        {
            var reply = await AskAsync(service.Addresses[0], request, $"Host: {host}", "1");

            Assert.Equal((421, "misdirected"), (reply.Status, reply.Problem));
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:80")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3:99")]
    [InlineData("[::1]:8080")]
    public async Task Names_of_this_machine_are_let_in(string host)
    {
        var reply = await AskAsync(service.Addresses[0], "GET /v1/streams", $"Host: {host}", "");

        Assert.Equal(200, reply.Status);
    }

    [Theory]
    [InlineData("GET", "", 200)]
    [InlineData("GET", "health", 200)]
    [InlineData("GET", "v1/streams", 200)]
    [InlineData("GET", "v1/streams/plain/events", 200)]
    [InlineData("GET", "openapi/v1.json", 200)]
    [InlineData("GET", "nothing/here", 404)]
    [InlineData("DELETE", "v1/streams/plain/events", 405)]
    [InlineData("POST", "v1/streams/plain/events", 415)]
    public async Task Every_answer_tells_browsers_to_keep_it_apart(string method, string path, int status)
    {
        var reply = await SendAsync(method, path, "X-No: 1");

        Assert.Equal(status, reply.Status);
        Assert.Equal("nosniff", Header(reply, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(reply, "X-Frame-Options"));
        Assert.Equal("same-origin", Header(reply, "Cross-Origin-Resource-Policy"));
        Assert.Equal("no-referrer", Header(reply, "Referrer-Policy"));
        Assert.Equal("no-store", Header(reply, "Cache-Control"));
        Assert.Contains("default-src 'none'", Header(reply, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", Header(reply, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("form-action 'none'", Header(reply, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("base-uri 'none'", Header(reply, "Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("health")]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    [InlineData("health/startup")]
    [InlineData("alive")]
    [InlineData("metrics")]
    [InlineData("openapi/v1.json")]
    [InlineData("console/main.js")]
    [InlineData("v1/history")]
    [InlineData("v1/streams")]
    [InlineData("v1/streams/plain")]
    [InlineData("v1/streams/plain/events")]
    [InlineData("v1/pipelines")]
    [InlineData("v1/pipelines/tests")]
    public async Task HEAD_is_answered_as_GET_without_the_body(string path)
    {
        foreach (var address in service.Addresses)
        {
            using var limit = new CancellationTokenSource(Limit);
            var host = $"Host: {address.Authority}\r\n\r\n";
            var get = await RawConnection.AskAsync(address, $"GET /{path} HTTP/1.1\r\n{host}", limit.Token);
            var head = await RawConnection.AskAsync(address, $"HEAD /{path} HTTP/1.1\r\n{host}", limit.Token);

            Assert.Equal((200, 200), (get.Status, head.Status));
            Assert.Equal(get.Headers["Content-Type"], head.Headers["Content-Type"]);
        }
    }

    [Fact]
    public async Task HEAD_of_what_is_not_there_or_of_a_tail_ends_at_once()
    {
        Assert.Equal(404, (await SendAsync("HEAD", "v1/streams/nowhere/events", "X-No: 1")).Status);
        const string Beyond = "v1/streams/plain/events?partition=0&from=999999999";
        Assert.Equal(416, (await SendAsync("HEAD", Beyond, "X-No: 1")).Status);
        Assert.Equal(200, (await SendAsync("HEAD", "v1/streams/plain/events", "Accept: text/event-stream")).Status);
    }

    private static string Header(Reply reply, string name) =>
        reply.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "(none)";

    private static async Task<RawReply> AskAsync(Uri address, string line, string headers, string body)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await RawConnection.AskAsync(
            address,
            $"{line} HTTP/1.1\r\n{headers}\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + $"Content-Length: {body.Length}\r\n\r\n{body}",
            limit.Token);
    }

    private Task<Reply> SendAsync(string method, string path, string header)
    {
        var parts = header.Split(": ", 2);
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        if (method is "PUT" or "PATCH")
        {
            request.Content = new StringContent("name: other", Encoding.UTF8, "application/yaml");
        }

        return service.SendAsync(request);
    }
}
