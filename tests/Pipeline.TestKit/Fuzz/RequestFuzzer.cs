using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Pipeline.TestKit.Fuzz;

/// <summary>
/// Makes requests that are wrong in one or more ways: as HTTP, as a body, as an offset, a header, a name. The same seed
/// makes the same requests.
/// </summary>
public sealed class RequestFuzzer(int seed)
{
    private static readonly string[] Methods =
        ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "PROPFIND", "G\0T", ""];

    private static readonly string[] Paths =
    [
        "/", "/health", "/health/ready", "/health/live", "/health/startup", "/alive", "/metrics", "/openapi/v1.json",
        "/v1/streams", "/v1/streams/{s}", "/v1/streams/{s}/events", "/v1/streams/{s}/events",
        "/v1/streams/{s}/events", "/v1/streams/{s}/watermark", "/v1/pipelines", "/v1/pipelines/{s}",
        "/v1/pipelines/{s}/dead-letters", "/v1/pipelines/{s}/pause", "/v1/pipelines/{s}/resume",
        "/v1/pipelines/{s}/savepoints", "/v1/pipelines/{s}/replay", "/v1/pipelines/{s}/dead-letters/redrive",
        "/v1/pipelines/{s}/stages/a/state/b", "/..", "//", "/%00", "/%2e%2e/%2e%2e/etc/passwd", "/\u00ff", "*",
        "http://localhost/health", "http://evil.example/", "no-slash", "/v1/streams/{s}/events/{s}",
    ];

    /// <summary>Operations that read a body or much of the head: they get most of the requests.</summary>
    private static readonly string[] Operations =
    [
        "POST /v1/streams/{s}/events", "POST /v1/streams/{s}/events", "POST /v1/streams/{s}/events",
        "POST /v1/streams/{s}/watermark", "PUT /v1/pipelines/{s}", "GET /v1/streams/{s}/events",
        "GET /v1/streams/{s}", "GET /v1/pipelines/{s}/dead-letters", "POST /v1/pipelines/{s}/pause",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-1", "1", "00", "+1", " 1", "1.5", "1e9", "0x10", "2147483647", "2147483648", "4294967296",
        "9223372036854775807", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999", "NaN", "∞",
        "", "١",
    ];

    private static readonly string[] Names =
    [
        "fuzz", "fuzz", "fuzz", "keyed", "nowhere", "fuzz.odd", "a%20b", "%ff", "%F0%9F%98%80", "_", "..", "%2f", "a b",
    ];

    private static readonly string[] Types =
    [
        "application/json", "application/x-ndjson", "application/cloudevents+json",
        "application/cloudevents-batch+json", "application/yaml", "text/plain", "application/json; charset=utf-16",
        "application/json;;;", "/", "a", "", "multipart/form-data; boundary=x", "application/json; charset=\"utf-8",
    ];

    private static readonly string[] Bodies =
    [
        "", "1", "{}", "[]", "[1,2", "{\"k\":1}", "{\"k\":\"\\ud800\"}", "\"\\u0000\"", "nul", "[[[[[[[[[[", "\n\n\n",
        "{\"time\":\"2026-01-01T00:00:00Z\"}", "{\"end\":true}", "{\"time\":\"\\udfff\"}", "{\"time\":\"9999-99-99\"}",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data\":1}", "- a\n- b: [", "name: x",
        "{\"specversion\":1,\"id\":[],\"data_base64\":\"%\"}", "\u00ff\u00fe", "1e999999999", "-", "\"\t\"", "\ufeff{}",
    ];

    private static readonly string[] Sizes =
    [
        "0", "1", "-1", "5", "ffffffffffffffff", "7fffffff", "80000000", "100000000", "g", "", " ", "1;ext=\"", "0x1",
        "1\n", "00000000000000000001",
    ];

    private static readonly string[] Queries =
        ["from", "partition", "max", "atomic", "streams", "from[]", "%00", "from=1&from", "", "dryRun", "reset"];

    private static readonly string[] Encodings = ["", "", "", "gzip", "br", "deflate", "identity", "zstd", "gzip, br"];

    private readonly Random _random = new(seed);

    /// <summary>The next request, with what stands for it in a report.</summary>
    public byte[] Next()
    {
        var body = Body();
        var head = new StringBuilder();
        var operation = _random.Next(3) == 0 ? $"{Pick(Methods)} {Pick(Paths)}" : Pick(Operations);
        head.Append(Filled(operation)).Append(' ').Append(Version()).Append("\r\n");
        if (!Rarely())
        {
            head.Append("Host: ").Append(Rarely() ? Pick(Names) : "localhost").Append("\r\n");
        }

        Headers(head);
        byte[] request = [.. Latin(head), .. Framed(body)];
        if (_random.Next(12) == 0)
        {
            Damage(request);
        }

        return _random.Next(12) == 0 ? request[.._random.Next(request.Length + 1)] : request;
    }

    private string Filled(string operation)
    {
        var path = operation.Replace("{s}", Rarely() ? Noise() : Pick(Names), StringComparison.Ordinal);
        if (_random.Next(3) == 0)
        {
            path += $"?{Pick(Queries)}={Uri.EscapeDataString(Pick(Numbers))}&{Pick(Queries)}={Pick(Numbers)}";
        }

        return _random.Next(200) == 0 ? path + new string('a', _random.Next(40_000)) : path;
    }

    private string Version() => _random.Next(20) != 0 ? "HTTP/1.1"
        : Pick(["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "http/1.1", "", "HTTP/1.1 HTTP/1.1"]);

    private void Headers(StringBuilder head)
    {
        head.Append("Content-Type: ").Append(Pick(Types)).Append("\r\n");
        for (var i = _random.Next(4); i > 0; i--)
        {
            head.Append(Pick([
                $"Idempotency-Key: {Noise()}", "Idempotency-Key: \"\"", $"Producer-Id: {Pick(Names)}",
                $"Producer-Sequence: {Pick(Numbers)}", $"Event-Key: {Noise()}", $"Last-Event-ID: {Position()}",
                "Accept: text/event-stream;q=x", "Accept: ,;=\"", $"ce-specversion: 1.0\r\nce-id: {Noise()}",
                "ce-source: %zz\r\nce-type: t", $"ce-time: {Pick(Numbers)}", $"ce-{Noise()}: 1", "Origin: null",
                "Sec-Fetch-Site: \u00ff", "Authorization: Bearer " + Noise(), "Expect: 100-continue", "Expect: x",
                "Upgrade: websocket\r\nConnection: Upgrade", "Connection: close, keep-alive", ": empty",
                "traceparent: 00-zz-0-0", $"X-Long: {new string('x', _random.Next(3_000))}", " folded",
                $"Content-Length: {Pick(Numbers)}", "Transfer-Encoding: identity", "Range: bytes=0-",
            ])).Append("\r\n");
        }
    }

    private string Position() => Pick([
        "0:0", "0:999999999999", "0:-1", "~", "~AAAA", "~" + Noise(), "0:1,0:2", $"{Pick(Numbers)}:{Pick(Numbers)}"]);

    private byte[] Body()
    {
        var text = Pick(Bodies);
        byte[] body = _random.Next(4) switch
        {
            0 => Latin(new StringBuilder(text)),
            1 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text + "\n", _random.Next(50)))),
            _ => Encoding.UTF8.GetBytes(text),
        };
        if (_random.Next(8) == 0)
        {
            Damage(body);
        }

        return body;
    }

    /// <summary>The header fields that say how the body ends, the empty line, and the body.</summary>
    private byte[] Framed(byte[] body)
    {
        var encoding = Pick(Encodings);
        var bytes = Compressed(body, encoding);
        var head = new StringBuilder(encoding.Length > 0 ? $"Content-Encoding: {encoding}\r\n" : "");
        switch (_random.Next(4))
        {
            case 0:
                head.Append("Transfer-Encoding: chunked\r\n\r\n");
                var size = Rarely() ? Pick(Sizes) : bytes.Length.ToString("x", CultureInfo.InvariantCulture);
                return [.. Latin(head.Append(size).Append("\r\n")), .. bytes, .. "\r\n0\r\n\r\n"u8];
            case 1 when Rarely():
                return [.. Latin(head.Append("Content-Length: ").Append(Pick(Numbers)).Append("\r\n\r\n")), .. bytes];
            default:
                return
                [
                    .. Latin(head.Append(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}\r\n\r\n")),
                    .. bytes,
                ];
        }
    }

    private byte[] Compressed(byte[] body, string encoding)
    {
        var to = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(to, CompressionLevel.Fastest),
            "br" => new BrotliStream(to, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(to, CompressionLevel.Fastest),
            _ => new BufferedStream(to),
        })
        {
            stream.Write(body);
            stream.Flush();
        }

        var bytes = to.ToArray();
        return Rarely() ? bytes[.._random.Next(bytes.Length + 1)] : bytes;
    }

    private void Damage(byte[] bytes)
    {
        for (var i = _random.Next(5); i > 0 && bytes.Length > 0; i--)
        {
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        }
    }

    private string Noise() =>
        string.Concat(Enumerable.Range(0, _random.Next(1, 12)).Select(_ => (char)_random.Next(1, 256)))
            .Replace('\r', 'r').Replace('\n', 'n');

    private bool Rarely() => _random.Next(6) == 0;

    private string Pick(string[] from) => from[_random.Next(from.Length)];

    private static byte[] Latin(StringBuilder text) => Encoding.Latin1.GetBytes(text.ToString());
}
