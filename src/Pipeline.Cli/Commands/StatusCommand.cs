using System.CommandLine;
using System.Globalization;
using System.Text.Json;
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
                AnsiConsole.Write(Stores(health.RootElement));
                AnsiConsole.Write(Streams(streams.RootElement));
                AnsiConsole.Write(Pipelines(pipelines.RootElement));
                return ExitCode.Done;
            }
            catch (ServiceException exception)
            {
                return Failure.Tell(exception.Message);
            }
        });
        return command;
    }

    private static Table Stores(JsonElement health)
    {
        var table = New("store", "state", "detail");
        foreach (var store in health.GetProperty("stores").EnumerateArray())
        {
            Row(table, Text(store, "name"), store.GetProperty("voting").GetBoolean() ? "voting" : "not voting",
                Text(store, "detail"));
        }

        return table;
    }

    private static Table Streams(JsonElement streams)
    {
        var table = New("stream", "partition", "first", "committed", "MiB", "newest");
        foreach (var stream in streams.EnumerateArray())
        {
            foreach (var partition in stream.GetProperty("partitions").EnumerateArray())
            {
                Row(table, Text(stream, "name"), Text(partition, "partition"), Text(partition, "first"),
                    Text(partition, "committed"),
                    string.Create(
                        CultureInfo.InvariantCulture, $"{partition.GetProperty("bytes").GetInt64() / 1048576.0:0.0}"),
                    Text(partition, "newest"));
            }
        }

        return table;
    }

    private static Table Pipelines(JsonElement pipelines)
    {
        var table = New(
            "pipeline", "stage", "partition", "state", "cursor", "lag", "dead letters", "watermark", "error");
        foreach (var pipeline in pipelines.EnumerateArray())
        {
            foreach (var instance in pipeline.GetProperty("instances").EnumerateArray())
            {
                Row(table, Text(pipeline, "name"), Text(instance, "stage"), Text(instance, "partition"),
                    Text(instance, "state"), Text(instance, "cursor"), Text(instance, "lagEvents"),
                    Text(instance, "deadLetters"), Text(instance, "watermark"), Text(instance, "error"));
            }
        }

        return table;
    }

    private static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in columns)
        {
            table.AddColumn(column);
        }

        return table;
    }

    private static void Row(Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ToString() : "";
}
