using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Pipeline.Cli.Output;

/// <summary>Stores, streams and pipelines as tables that fit on a terminal of 80 columns.</summary>
internal static class StatusTables
{
    public static void WriteStores(IAnsiConsole console, JsonElement health) => console.Write(Stores(health));

    public static void WriteWork(IAnsiConsole console, JsonElement streams, JsonElement pipelines)
    {
        console.WriteLine();
        console.Write(Streams(streams));
        console.WriteLine();
        console.Write(Pipelines(pipelines));
        foreach (var error in Errors(pipelines))
        {
            console.MarkupLineInterpolated($"[red]{error}[/]");
        }

        foreach (var file in RefusedFiles(pipelines))
        {
            console.MarkupLineInterpolated($"[yellow]{file}[/]");
        }
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
        var table = New("stream", "part", "first", "committed", "MiB", "newest");
        foreach (var stream in streams.EnumerateArray())
        {
            foreach (var partition in stream.GetProperty("partitions").EnumerateArray())
            {
                Row(table, Text(stream, "name"), Text(partition, "partition"), Text(partition, "first"),
                    Text(partition, "committed"),
                    string.Create(
                        CultureInfo.InvariantCulture, $"{partition.GetProperty("bytes").GetInt64() / 1048576.0:0.0}"),
                    Time(partition, "newest"));
            }
        }

        return table;
    }

    private static Table Pipelines(JsonElement pipelines)
    {
        var table = New("pipeline/stage", "part", "state", "cursor", "lag", "dead", "watermark");
        foreach (var pipeline in pipelines.EnumerateArray())
        {
            foreach (var instance in pipeline.GetProperty("instances").EnumerateArray())
            {
                Row(table, $"{Text(pipeline, "name")}/{Text(instance, "stage")}", Text(instance, "partition"),
                    Text(instance, "state"), Text(instance, "cursor"), Text(instance, "lagEvents"),
                    Text(instance, "deadLetters"), Time(instance, "watermark"));
            }
        }

        return table;
    }

    /// <summary>Errors are sentences: below the table, a line each.</summary>
    private static IEnumerable<string> Errors(JsonElement pipelines) =>
        from pipeline in pipelines.EnumerateArray()
        from instance in pipeline.GetProperty("instances").EnumerateArray()
        where Text(instance, "error").Length > 0
        select $"{Text(pipeline, "name")}/{Text(instance, "stage")}, partition {Text(instance, "partition")}: "
            + Text(instance, "error");

    /// <summary>Files that have changed and were not applied.</summary>
    private static IEnumerable<string> RefusedFiles(JsonElement pipelines) =>
        from pipeline in pipelines.EnumerateArray()
        where pipeline.TryGetProperty("refused", out _)
        let refused = pipeline.GetProperty("refused")
        select $"{Text(pipeline, "name")}: {Text(refused, "file")}: {Text(refused, "detail")}";

    /// <summary>To the second: a row is as wide as a terminal, not more.</summary>
    private static string Time(JsonElement element, string name) =>
        DateTimeOffset.TryParse(
            Text(element, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : Text(element, name);

    private static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column) { Padding = new Padding(0, 0, 1, 0) });
        }

        return table;
    }

    private static void Row(Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Printable.Of(value.ToString()) : "";
}
