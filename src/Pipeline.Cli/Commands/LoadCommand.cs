using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Loading;
using Pipeline.Cli.Output;
using Pipeline.Cli.Service;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline load: puts a load on a stream and says how long it took to be durable.</summary>
internal static class LoadCommand
{
    private const string Zipf = "zipf:";

    public static Command Create()
    {
        var (url, key) = (ServiceOption.Create(), KeyOption.Create());
        var stream = new Option<string>("--stream") { DefaultValueFactory = _ => "readings" };
        var rate = Number("--rate", "Events a second, due by the clock.", 1000.0, 0.1, 10_000_000);
        var max = new Option<bool>("--max") { Description = "As many as are taken, instead of a rate." };
        var shape = new Option<LoadShape>("--shape") { Description = "How the rate goes over the time." };
        var keys = Number("--keys", "Different keys.", 1000, 1, 1_000_000);
        var skew = Skew();
        var size = Number("--size", "Bytes of an event, at least what it takes.", 200, 1, 1_000_000);
        var seconds = Number("--seconds", "How long.", 60.0, 0.1, 86_400);
        var batch = Number("--batch", "Events in a request.", 100, 1, 10_000);
        var inFlight = Number("--in-flight", "Requests under way at a time.", 256, 1, 10_000);
        var seed = Number("--seed", "The same seed draws the same keys.", 1, 0, int.MaxValue);
        var report = new Option<FileInfo?>("--report")
        {
            Description = "A page of HTML to write, with plots; beside it the same as JSON.",
        };
        var json = new Option<bool>("--json") { Description = "The report as JSON on standard output." };
        var command = new Command("load", "Put a load on a stream and measure it; nothing is sent twice.")
        {
            url, key, stream, rate, max, shape, keys, skew, size, seconds, batch, inFlight, seed, report, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(report) is { Directory.Exists: false } page)
            {
                return Failure.Tell($"There is no folder '{page.DirectoryName}' for the report.");
            }

            using var client = new ServiceClient(parsed.GetValue(url)!, parsed.GetValue(key));
            var options = new LoadOptions
            {
                Stream = parsed.GetValue(stream)!,
                Rate = parsed.GetValue(max) ? 0 : parsed.GetValue(rate),
                Shape = parsed.GetValue(shape),
                Keys = parsed.GetValue(keys),
                Skew = parsed.GetValue(skew),
                Size = parsed.GetValue(size),
                Seconds = parsed.GetValue(seconds),
                Batch = parsed.GetValue(batch),
                InFlight = parsed.GetValue(inFlight),
                Seed = parsed.GetValue(seed),
            };
            try
            {
                var done = await RunAsync(client, options, cancellationToken);
                await TellAsync(done, parsed.GetValue(report), parsed.GetValue(json));
                return done.Tally.Errors.IsEmpty ? ExitCode.Done : ExitCode.Found;
            }
            catch (ServiceException exception)
            {
                return Failure.Tell(exception.Message, exception.Status == 0 ? ExitCode.Failed : ExitCode.Found);
            }
        });
        return command;
    }

    private static async Task<LoadReport> RunAsync(
        ServiceClient client, LoadOptions options, CancellationToken cancellationToken)
    {
        using var stream = await client.GetAsync(
            $"v1/streams/{Uri.EscapeDataString(options.Stream)}", cancellationToken);
        var time = TimeProvider.System;
        var body = new LoadBody(options, Field(stream, "key") ?? "key", Field(stream, "time"), time);
        var run = new LoadRun(options, body, client.Http, time);
        if (Terminal.IsInteractive)
        {
            await DrawAsync(run, options, time, cancellationToken);
        }
        else
        {
            await run.RunAsync(static () => { }, cancellationToken);
        }

        return new LoadReport(options, run.Tally, run.Took);
    }

    private static Task DrawAsync(
        LoadRun run, LoadOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        AnsiConsole.Progress().StartAsync(async context =>
        {
            var bar = context.AddTask("sending", maxValue: options.Seconds);
            var started = time.GetTimestamp();
            await run.RunAsync(
                () =>
                {
                    bar.Value = time.GetElapsedTime(started).TotalSeconds;
                    bar.Description = $"{run.Tally.Accepted:N0} events";
                },
                cancellationToken);
            bar.Value = bar.MaxValue;
        });

    private static async Task TellAsync(LoadReport report, FileInfo? page, bool isJson)
    {
        if (isJson)
        {
            await Console.Out.WriteLineAsync(report.ToJson());
        }
        else
        {
            report.Write(AnsiConsole.Console);
        }

        if (page is not null)
        {
            await File.WriteAllTextAsync(page.FullName, LoadPage.Write(report));
            await File.WriteAllTextAsync(Path.ChangeExtension(page.FullName, ".json"), report.ToJson());
        }
    }

    /// <summary>A field at the top of an event; a path into it is not made.</summary>
    private static string? Field(JsonDocument stream, string name) =>
        stream.RootElement.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String
            && field.GetString() is { Length: > 0 } text && !text.Contains('.', StringComparison.Ordinal)
                ? text
                : null;

    private static Option<double> Skew()
    {
        var option = new Option<double>("--skew")
        {
            Description = "uniform, or zipf:1.1 for how often each key comes.",
            CustomParser = static result =>
            {
                var text = result.Tokens[^1].Value;
                if (text == "uniform")
                {
                    return 0;
                }

                if (text.StartsWith(Zipf, StringComparison.Ordinal)
                    && double.TryParse(
                        text.AsSpan(Zipf.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var skew)
                    && skew is > 0 and <= 10)
                {
                    return skew;
                }

                result.AddError("--skew must be uniform, or zipf: and a number up to 10, as zipf:1.1.");
                return 0;
            },
        };
        return option;
    }

    private static Option<T> Number<T>(string name, string description, T standard, T least, T most)
        where T : IComparable<T>
    {
        var option = new Option<T>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<T>() is not { } value
                || value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                result.AddError($"{name} must be a number from {least} to {most}.");
            }
        });
        return option;
    }
}
