using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Cli.Loading;
using Pipeline.Definitions.Experiments;
using Spectre.Console;

namespace Pipeline.Cli.Chaos;

/// <summary>What came of an experiment.</summary>
internal sealed class ChaosReport(
    Experiment experiment,
    ChaosLoad load,
    TimeSpan took,
    IReadOnlyList<ChaosFault> faults,
    IReadOnlyList<DeliveryCheck> checks)
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Why it was ended before its time; null: it was not.</summary>
    public string? Stopped { get; init; }

    /// <summary>Processes that ended by themselves.</summary>
    public IReadOnlyList<string> Ends { get; init; } = [];

    public ChaosLoad Load => load;

    public IReadOnlyList<ChaosFault> Faults => faults;

    public bool Holds => Findings.All(static finding => finding.Holds);

    /// <summary>Events that were acknowledged.</summary>
    public long Acknowledged => load.Keys.Values.Sum(static key => key.Acknowledged);

    /// <summary>The hypothesis, part by part.</summary>
    public IEnumerable<ChaosFinding> Findings
    {
        get
        {
            var steady = experiment.Steady;
            yield return new ChaosFinding(
                "acknowledged", "at least one", string.Create(CultureInfo.InvariantCulture, $"{Acknowledged:N0}"),
                Acknowledged > 0);
            foreach (var check in checks.Where(static check => !check.IsAnswered))
            {
                yield return new ChaosFinding($"can be read ({check.Place})", "yes", "it does not answer", false);
            }

            foreach (var check in checks.Where(static check => check.IsAnswered))
            {
                yield return Count($"lost ({check.Place})", check.Lost, steady.Loss);
                yield return Count($"twice ({check.Place})", check.Duplicates, steady.Duplicates);
                yield return Count($"never sent ({check.Place})", check.Foreign, 0);
                if (steady.Order)
                {
                    yield return Count($"out of order ({check.Place})", check.Disordered, 0);
                }
            }

            if (steady.P99 is { } most)
            {
                var found = load.Tally.Latency.Quantile(0.99);
                yield return new ChaosFinding(
                    "p99", $"at most {LoadReport.Milliseconds(most.TotalSeconds)}", LoadReport.Milliseconds(found),
                    found <= most.TotalSeconds);
            }

            if (steady.Availability > 0)
            {
                yield return new ChaosFinding(
                    "acknowledged within 1 s", $"at least {steady.Availability} %",
                    string.Create(CultureInfo.InvariantCulture, $"{load.Availability * 100:0.00} %"),
                    load.Availability * 100 >= steady.Availability);
            }

            yield return new ChaosFinding(
                "ended by itself", "no process", Ends.Count == 0 ? "none" : string.Join("; ", Ends), Ends.Count == 0);
            if (Stopped is not null)
            {
                yield return new ChaosFinding("until the end", "not stopped", Stopped, false);
            }
        }
    }

    /// <summary>How long nothing was acknowledged since a fault began, up to the next one.</summary>
    public TimeSpan SilenceOf(int fault) => load.LongestSilence(
        faults[fault].Begun, fault + 1 < faults.Count ? faults[fault + 1].Begun : took);

    public void Write(IAnsiConsole console)
    {
        console.MarkupLineInterpolated(
            $"{Acknowledged:N0} events acknowledged in {took.TotalSeconds:0.0} s, faults: {faults.Count}");
        console.MarkupLineInterpolated($"latency {string.Join(", ", Quantiles())}; due to acknowledged");
        foreach (var finding in Findings)
        {
            var line = $"{finding.Name,-24} {finding.Found} (wanted: {finding.Wanted})";
            if (finding.Holds)
            {
                console.MarkupLineInterpolated($"[green]holds[/]  {line}");
            }
            else
            {
                console.MarkupLineInterpolated($"[red]FAILS[/]  {line}");
            }
        }

        console.MarkupLine(Holds ? "[green]The steady state held.[/]" : "[red]The steady state did not hold.[/]");
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

    private IEnumerable<string> Quantiles() => ((double[])[0.5, 0.99, 0.999]).Select(share => string.Create(
        CultureInfo.InvariantCulture,
        $"p{share * 100:0.#} {LoadReport.Milliseconds(load.Tally.Latency.Quantile(share))}"));

    private static ChaosFinding Count(string name, long found, int most) => new(
        name,
        most == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"at most {most:N0}"),
        found == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{found:N0}"),
        found <= most);

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("holds", Holds);
        json.WriteNumber("acknowledged", Acknowledged);
        json.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
        json.WriteStartArray("findings");
        foreach (var finding in Findings)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            json.WriteString("wanted", finding.Wanted);
            json.WriteString("found", finding.Found);
            json.WriteBoolean("holds", finding.Holds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("faults");
        for (var i = 0; i < faults.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("fault", ChaosFault.NameOf(faults[i].Fault.Kind));
            json.WriteString("target", faults[i].Fault.Target);
            json.WriteNumber("at", Math.Round(faults[i].Begun.TotalSeconds, 3));
            json.WriteNumber("until", Math.Round(faults[i].Ended.TotalSeconds, 3));
            json.WriteNumber("silence", Math.Round(SilenceOf(i).TotalSeconds, 3));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("latency");
        foreach (var share in (double[])[0.5, 0.9, 0.99, 0.999])
        {
            json.WriteNumber(
                string.Create(CultureInfo.InvariantCulture, $"p{share * 100:0.#}"),
                load.Tally.Latency.Quantile(share));
        }

        json.WriteEndObject();
        json.WriteNumber("availability", Math.Round(load.Availability, 5));
        json.WriteStartObject("failedRequests");
        foreach (var (kind, count) in load.Tally.Errors.OrderBy(static error => error.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(kind, count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>One part of the hypothesis.</summary>
internal sealed record ChaosFinding(string Name, string Wanted, string Found, bool Holds);
