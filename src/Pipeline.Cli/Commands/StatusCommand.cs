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
                using var health = await client.GetHealthAsync(cancellationToken);
                StatusTables.WriteStores(AnsiConsole.Console, health.RootElement);
                using var streams = await client.GetAsync("v1/streams", cancellationToken);
                using var pipelines = await client.GetAsync("v1/pipelines", cancellationToken);
                StatusTables.WriteWork(AnsiConsole.Console, streams.RootElement, pipelines.RootElement);
                return health.RootElement.GetProperty("accepting").GetBoolean()
                    ? ExitCode.Done
                    : Failure.Tell($"No events are accepted: {health.RootElement.GetProperty("detail")}");
            }
            catch (ServiceException exception)
            {
                return Failure.Tell(exception.Message);
            }
        });
        return command;
    }
}
