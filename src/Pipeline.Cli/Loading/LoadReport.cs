using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Pipeline.Cli.Loading;

/// <summary>What came of a load, for people and for programs.</summary>
internal sealed class LoadReport(LoadOptions options, LoadTally tally, TimeSpan took)
{
    private static readonly double[] Shares = [0.5, 0.9, 0.99, 0.999];

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public LoadOptions Load => options;

    public LoadTally Tally => tally;

    /// <summary>Events a second, from the first to the last answer.</summary>
    public double Rate => tally.Accepted / Math.Max(took.TotalSeconds, 0.001);

    public void Write(IAnsiConsole console)
    {
        var rate = $"in {took.TotalSeconds:0.0} s: {Rate:N0}/s";
        console.MarkupLineInterpolated($"[green]{tally.Accepted:N0} of {tally.Due:N0} events durable[/] {rate}");
        var quantiles = Shares.Select(share => string.Create(
            CultureInfo.InvariantCulture, $"p{share * 100:0.#} {Milliseconds(tally.Latency.Quantile(share))}"));
        console.MarkupLineInterpolated(
            $"latency {string.Join(", ", quantiles)}, longest {Milliseconds(tally.Latency.Longest)}");
        console.MarkupLineInterpolated($"{(options.Rate > 0
            ? "counted from when each request was due"
            : "counted from when each was sent: without a rate nothing is due")}");
        foreach (var (kind, count) in tally.Errors.OrderByDescending(static error => error.Value))
        {
            console.MarkupLineInterpolated($"[red]{count:N0} requests: {kind}[/]");
        }
    }

    public string ToJson()
    {
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Options))
        {
            Write(json);
        }

        return Encoding.UTF8.GetString(body.ToArray());
    }

    /// <summary>Milliseconds with as many digits as they are known to.</summary>
    public static string Milliseconds(double seconds) =>
        (seconds * 1000).ToString(seconds < 0.01 ? "0.00 ms" : "0.0 ms", CultureInfo.InvariantCulture);

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("stream", options.Stream);
        json.WriteNumber("rate", options.Rate);
        json.WriteString("shape", options.Shape.ToString().ToLowerInvariant());
        json.WriteNumber("keys", options.Keys);
        json.WriteNumber("skew", options.Skew);
        json.WriteNumber("size", options.Size);
        json.WriteNumber("batch", options.Batch);
        json.WriteNumber("inFlight", options.InFlight);
        json.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
        json.WriteNumber("due", tally.Due);
        json.WriteNumber("accepted", tally.Accepted);
        json.WriteNumber("acceptedPerSecond", Math.Round(Rate, 1));
        json.WriteString("latencyFrom", options.Rate > 0 ? "due" : "sent");
        json.WriteStartObject("latencySeconds");
        foreach (var share in Shares)
        {
            json.WriteNumber(
                string.Create(CultureInfo.InvariantCulture, $"p{share * 100:0.#}"), tally.Latency.Quantile(share));
        }

        json.WriteNumber("max", tally.Latency.Longest);
        json.WriteEndObject();
        json.WriteStartObject("errors");
        foreach (var (kind, count) in tally.Errors.OrderBy(static error => error.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(kind, count);
        }

        json.WriteEndObject();
        WriteSeconds(json);
        json.WriteEndObject();
    }

    private void WriteSeconds(Utf8JsonWriter json)
    {
        json.WriteStartArray("perSecond");
        foreach (var second in tally.Seconds)
        {
            json.WriteStartObject();
            json.WriteNumber("due", second.Due);
            json.WriteNumber("accepted", second.Accepted);
            json.WriteNumber("failedRequests", second.Failed);
            json.WriteNumber("p50", second.Latency.Quantile(0.5));
            json.WriteNumber("p99", second.Latency.Quantile(0.99));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
