using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Sending;
using Pipeline.Cli.Service;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline send: posts files, or generated readings, and says how fast it went.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files")
        {
            Description = "NDJSON files; without them readings of devices are generated.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var url = ServiceOption.Create();
        var key = KeyOption.Create();
        var stream = new Option<string>("--stream") { DefaultValueFactory = _ => "readings" };
        var rate = new Option<double>("--rate") { Description = "Events per second; 0: as fast as it goes." };
        var events = new Option<long>("--events") { Description = "Generate so many readings." };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Generate for so long, where --events is not given.",
            DefaultValueFactory = _ => 20,
        };
        NotNegative(rate, events, seconds);
        var batch = Number("--batch", "Events in a request.", 1000, 100_000);
        var inFlight = Number(
            "--in-flight", "Requests at a time; with more than one, lines may be written in another order.", 1, 1000);
        var id = new Option<string?>("--id")
        {
            Description = "Names what is sent: after a failure the same command with the same name "
                + "writes nothing twice.",
        };
        id.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name
                && (name.Length is 0 or > 200
                    || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
            {
                result.AddError("--id must be 1 to 200 letters, digits, '-', '_' or '.'.");
            }
        });
        var devices = Number("--devices", "Devices that readings are generated for.", 1000, 10_000_000);
        var seed = Number("--seed", "The same seed gives the same readings.", 1, int.MaxValue);
        var command = new Command("send", "Post events; retries never write one twice.")
        {
            files, url, key, stream, rate, events, seconds, batch, inFlight, id, devices, seed,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new SendOptions
            {
                Url = parsed.GetValue(url)!,
                Key = parsed.GetValue(key),
                Stream = parsed.GetValue(stream)!,
                Files = parsed.GetValue(files) ?? [],
                Rate = parsed.GetValue(rate),
                Events = parsed.GetValue(events),
                Seconds = parsed.GetValue(seconds),
                Batch = parsed.GetValue(batch),
                InFlight = parsed.GetValue(inFlight),
                Id = parsed.GetValue(id),
                Devices = parsed.GetValue(devices),
                Seed = parsed.GetValue(seed),
            },
            cancellationToken));
        return command;
    }

    private static Option<int> Number(string name, string description, int standard, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() is var value && (value < 1 || value > most))
            {
                result.AddError($"{name} must be a number from 1 to {most}.");
            }
        });
        return option;
    }

    private static void NotNegative(params Option[] options)
    {
        foreach (var option in options)
        {
            option.Validators.Add(result =>
            {
                if (!result.Errors.Any() && result.Tokens.Any(static token => token.Value.StartsWith('-')))
                {
                    result.AddError($"{option.Name} must not be negative.");
                }
            });
        }
    }

    private static async Task<int> RunAsync(SendOptions options, CancellationToken cancellationToken)
    {
        if (options.Files.FirstOrDefault(f => !f.Exists) is { } missing)
        {
            return Failure.Tell($"There is no file '{missing}'.");
        }

        using var client = new ServiceClient(options.Url, options.Key);
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        try
        {
            foreach (var file in options.Files)
            {
                LineFile.Check(file);
            }

            var summary = Terminal.IsInteractive
                ? await DrawAsync(options, client.Http, time, cancellationToken)
                : await SendAsync(options, client.Http, time, static _ => { }, cancellationToken);
            Report(summary, time.GetElapsedTime(started));
            return ExitCode.Done;
        }
        catch (ServiceException exception)
        {
            return Failure.Tell(exception.Message, exception.Status == 0 ? ExitCode.Failed : ExitCode.Found);
        }
        catch (Exception exception) when (exception is InputException or IOException or UnauthorizedAccessException)
        {
            return Failure.Tell(exception.Message);
        }
    }

    private static async Task<SendSummary> SendAsync(
        SendOptions options,
        HttpClient http,
        TimeProvider time,
        Action<int> progress,
        CancellationToken cancellationToken)
    {
        var sender = new Sender(options, http, time, progress);
        await sender.RunAsync(BatchSource.Of(options, time), cancellationToken);
        return sender.Summary;
    }

    /// <summary>Sends, and draws how far it is.</summary>
    private static Task<SendSummary> DrawAsync(
        SendOptions options, HttpClient http, TimeProvider time, CancellationToken cancellationToken) =>
        AnsiConsole.Progress()
            .Columns(
                new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var started = time.GetTimestamp();
                var most = options.Events > 0 ? options.Events : options.Seconds;
                var bar = context.AddTask("sending", maxValue: most);
                bar.IsIndeterminate = options.Files.Count > 0;
                long sent = 0;
                var summary = await SendAsync(
                    options,
                    http,
                    time,
                    count =>
                    {
                        var total = Interlocked.Add(ref sent, count);
                        var elapsed = time.GetElapsedTime(started).TotalSeconds;
                        bar.Value = options.Events > 0 ? total : elapsed;
                        bar.Description = $"{total:N0} events, {total / elapsed:N0}/s";
                    },
                    cancellationToken);
                bar.Value = bar.MaxValue;
                return summary;
            });

    private static void Report(SendSummary summary, TimeSpan took)
    {
        var events = summary.Accepted + summary.Duplicates;
        var rate = events / took.TotalSeconds;
        AnsiConsole.MarkupLineInterpolated(
            $"[green]{events:N0} events durable[/] in {took.TotalSeconds:0.0} s: {rate:N0} events/s");
        var (p50, p99) = (summary.Percentile(0.5), summary.Percentile(0.99));
        AnsiConsole.MarkupLineInterpolated($"acknowledged after p50 {p50:0.0} ms, p99 {p99:0.0} ms");
        AnsiConsole.MarkupLineInterpolated($"{summary.Retries} retries, {summary.Duplicates} duplicates");
    }
}
