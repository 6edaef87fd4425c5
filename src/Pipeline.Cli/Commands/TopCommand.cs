using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Service;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline top: what flows and what waits, again and again.</summary>
internal static class TopCommand
{
    public static Command Create()
    {
        var (url, key) = (ServiceOption.Create(), KeyOption.Create());
        var every = new Option<double>("--every")
        {
            Description = "Seconds between looks.",
            DefaultValueFactory = _ => 2,
        };
        every.Validators.Add(static result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<double>() is not (>= 0.1 and <= 3600))
            {
                result.AddError("--every must be a number of seconds from 0.1 to 3600.");
            }
        });
        var times = new Option<int>("--times")
        {
            Description = "Stop after so many looks; 0: never. Through a pipe 1, unless it is given.",
            DefaultValueFactory = static _ => Terminal.IsInteractive ? 0 : 1,
        };
        times.Validators.Add(static result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--times must be a number from 0.");
            }
        });
        var command = new Command("top", "Watch rates, lag and alerts.") { url, key, every, times };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ServiceClient(parsed.GetValue(url)!, parsed.GetValue(key));
            try
            {
                return await WatchAsync(
                    client, TimeSpan.FromSeconds(parsed.GetValue(every)), parsed.GetValue(times), cancellationToken);
            }
            catch (ServiceException exception)
            {
                return Failure.Tell(exception.Message, exception.Status == 0 ? ExitCode.Failed : ExitCode.Found);
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Done;
            }
        });
        return command;
    }

    /// <summary>A rate needs two looks: before the first that is shown there is one that is not.</summary>
    private static async Task<int> WatchAsync(
        ServiceClient client, TimeSpan every, int times, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var console = AnsiConsole.Console;
        var rates = new TopRates();
        for (var shown = 0; ; shown++)
        {
            if (shown == 0)
            {
                using var first = await client.GetAsync("v1/pipelines", cancellationToken);
                using var begin = await client.GetAsync("v1/streams", cancellationToken);
                rates.Look(begin.RootElement, first.RootElement, time.GetTimestamp(), time);
            }

            await Task.Delay(every, time, cancellationToken);
            using var health = await client.GetHealthAsync(cancellationToken);
            using var streams = await client.GetAsync("v1/streams", cancellationToken);
            using var pipelines = await client.GetAsync("v1/pipelines", cancellationToken);
            using var alerts = await client.GetAsync("v1/alerts", cancellationToken);
            rates.Look(streams.RootElement, pipelines.RootElement, time.GetTimestamp(), time);
            if (Terminal.IsInteractive)
            {
                console.Clear(home: true);
            }

            TopTables.Write(console, rates, new TopAnswers(
                health.RootElement, streams.RootElement, pipelines.RootElement, alerts.RootElement));
            if (shown + 1 == times)
            {
                return ExitCode.Done;
            }
        }
    }
}
