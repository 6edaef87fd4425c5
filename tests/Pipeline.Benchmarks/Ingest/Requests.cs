using System.Globalization;
using System.Text;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>
/// Whole HTTP requests, built before the clock starts: readings of 10,000 devices, 200 bytes an event;
/// with the key PIPELINE_KEY, if set.
/// </summary>
public sealed class Requests
{
    private const int Devices = 10_000;
    private const int EventBytes = 200;
    private const int Variants = 32;

    private readonly byte[][] _requests;

    public Requests(string path, int port, int eventsPerRequest)
    {
        var random = new Random(1);
        _requests = [.. Enumerable.Range(0, Variants).Select(_ => Build(path, port, eventsPerRequest, random))];
    }

    public byte[] this[int number] => _requests[number % Variants];

    private static byte[] Build(string path, int port, int events, Random random)
    {
        var body = new StringBuilder(events * EventBytes);
        for (var i = 0; i < events; i++)
        {
            body.Append(Event(random)).Append('\n');
        }

        var key = Environment.GetEnvironmentVariable("PIPELINE_KEY") is { Length: > 0 } text
            ? $"Authorization: Bearer {text}\r\n"
            : "";
        var head = $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-ndjson\r\n"
            + $"{key}Content-Length: {body.Length}\r\n\r\n";
        return Encoding.ASCII.GetBytes(head + body);
    }

    // 199 characters; the line end makes it 200.
    private static string Event(Random random)
    {
        var (device, minute, second) = (random.Next(Devices), random.Next(60), random.Next(60));
        var (temperature, humidity) = (random.NextDouble() * 40, random.NextDouble() * 100);
        var text = string.Create(CultureInfo.InvariantCulture,
            $$"""{"deviceId":"dev-{{device:D5}}","ts":"2026-01-01T00:{{minute:D2}}:{{second:D2}}Z","temperature":"""
            + $$"""{{temperature:F2}},"humidity":{{humidity:F1}},"firmware":"1.4.2","note":""}""");
        return text.Insert(text.Length - 2, new string('x', EventBytes - 1 - text.Length));
    }
}
