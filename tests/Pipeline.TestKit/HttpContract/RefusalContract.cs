using Pipeline.TestKit.Wire;

namespace Pipeline.TestKit.HttpContract;

/// <summary>Requests that are wrong as HTTP: a problem, and no mistake of the server.</summary>
public abstract class RefusalContract(HttpService service)
{
    private const string Rest = "Host: localhost\r\nContent-Type: application/json\r\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static TheoryData<string, int> Wrong { get; } = new()
    {
        { $"GET /{new string('a', 70_000)} HTTP/1.1\r\n{Rest}\r\n", 414 },
        { $"GET / HTTP/1.1\r\n{Rest}X-Long: {new string('a', 70_000)}\r\n\r\n", 431 },
        { $"GET / HTTP/1.1\r\n{Rest}{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n"))}\r\n", 431 },
        { $"GET / HTTP/3.7\r\n{Rest}\r\n", 505 },
        { $"GET / HTTP/1.1\r\n{Rest}no colon\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n\r\n", 400 },
        { $"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
        { $"GET /%zz%00 HTTP/1.1\r\n{Rest}\r\n", 400 },
        { $"G\u0001T / HTTP/1.1\r\n{Rest}\r\n", 400 },
        { $"POST /v1/streams/plain/events HTTP/1.1\r\n{Rest}Content-Length: -1\r\n\r\n", 400 },
        { $"POST /v1/streams/plain/events HTTP/1.1\r\n{Rest}Content-Length: 99999999999999999999\r\n\r\n", 400 },
        { $"POST /v1/streams/plain/events HTTP/1.1\r\n{Rest}Transfer-Encoding: gzip\r\n\r\n", 400 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_no_HTTP_is_a_problem_too(string request, int status)
    {
        using var limit = new CancellationTokenSource(Limit);
        foreach (var address in service.Addresses)
        {
            var reply = await RawConnection.AskAsync(address, request, limit.Token);

            Assert.Equal(status, reply.Status);
            Assert.DoesNotContain("no ", reply.Problem, StringComparison.Ordinal);
            Assert.Equal("nosniff", reply.Headers.GetValueOrDefault("X-Content-Type-Options"));
        }
    }

    [Theory]
    [InlineData("POST /v1/streams/plain/events", "application/json")]
    [InlineData("POST /v1/streams/plain/watermark", "application/json")]
    [InlineData("PUT /v1/pipelines/refused", "application/yaml")]
    public async Task A_chunk_whose_size_is_none_is_malformed(string line, string type)
    {
        using var limit = new CancellationTokenSource(Limit);
        foreach (var size in (string[])["ffffffffffffffff", "80000000", "7fffffffffffffff", "-1", "xyz", "", "1 1"])
        {
            foreach (var encoding in (string[])["", "Content-Encoding: gzip\r\n", "Content-Encoding: br\r\n"])
            {
                var reply = await RawConnection.AskAsync(
                    service.Addresses[0],
                    $"{line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n{encoding}"
                        + $"Transfer-Encoding: chunked\r\n\r\n{size}\r\n1\r\n0\r\n\r\n",
                    limit.Token);

                Assert.True(reply.Status is 400 or 413 or 415, $"{size} {encoding}: {reply}");
                Assert.DoesNotContain("no ", reply.Problem, StringComparison.Ordinal);
            }
        }
    }
}
