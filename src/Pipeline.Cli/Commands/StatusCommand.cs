using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Service;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline status: stores, streams and pipelines of a running service.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var url = ServiceOption.Create();
        var key = KeyOption.Create();
        var command = new Command("status", "Show stores, streams and pipelines with their lag.") { url, key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ServiceClient(parsed.GetValue(url)!, parsed.GetValue(key));
            try
            {
                using var streams = await client.GetAsync("v1/streams", cancellationToken);
                using var pipelines = await client.GetAsync("v1/pipelines", cancellationToken);
                using var health = await client.GetAsync("health", cancellationToken);
                StatusTables.Write(
                    AnsiConsole.Console, health.RootElement, streams.RootElement, pipelines.RootElement);
                return ExitCode.Done;
            }
            catch (ServiceException exception)
            {
                return Failure.Tell(exception.Message);
            }
        });
        return command;
    }
}
