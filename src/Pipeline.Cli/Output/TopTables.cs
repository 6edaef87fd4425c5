using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Pipeline.Cli.Output;

/// <summary>What flows and what waits, as tables that fit on a terminal of 80 columns: the busiest first.</summary>
internal static class TopTables
{
    private const int MostRows = 15;

    public static void Write(IAnsiConsole console, TopRates rates, TopAnswers answers)
    {
        var health = answers.Health;
        console.MarkupLineInterpolated($"{Text(health, "status")}, {Stores(health)}");
        foreach (var alert in answers.Alerts.GetProperty("alerts").EnumerateArray())
        {
            console.MarkupLineInterpolated(
                $"[red]{Text(alert, "name")}[/] {Labels(alert)}{Number(alert.GetProperty("value").GetDouble())}");
        }

        console.WriteLine();
        WriteRows(console, ["stream", "events/s", "events", "MiB"], answers.Streams.EnumerateArray()
            .Select(stream => (Rate: rates.OfStream(Text(stream, "name")), Row: Stream(rates, stream))));
        console.WriteLine();
        WriteRows(console, ["stage", "events/s", "lag", "dead", "state"], answers.Pipelines.EnumerateArray()
            .SelectMany(pipeline => pipeline.GetProperty("instances").EnumerateArray()
                .GroupBy(static one => Text(one, "stage"))
                .Select(stage => ($"{Text(pipeline, "name")}/{stage.Key}", stage.ToList())))
            .Select(stage => (Rate: rates.OfStage(stage.Item1), Row: Stage(rates, stage.Item1, stage.Item2))));
    }

    private static void WriteRows(
        IAnsiConsole console, string[] columns, IEnumerable<(double? Rate, string[] Row)> rows)
    {
        var table = new Table { Border = TableBorder.None };
        for (var i = 0; i < columns.Length; i++)
        {
            table.AddColumn(new TableColumn(columns[i])
            {
                Padding = new Padding(0, 0, 2, 0),
                Alignment = i is 0 || columns[i] == "state" ? Justify.Left : Justify.Right,
            });
        }

        var sorted = rows.OrderByDescending(static row => row.Rate ?? 0).ToList();
        foreach (var (_, row) in sorted.Take(MostRows))
        {
            table.AddRow([.. row.Select(static cell => Markup.Escape(Printable.Of(cell)))]);
        }

        console.Write(table);
        if (sorted.Count > MostRows)
        {
            console.MarkupLineInterpolated($"and {sorted.Count - MostRows} more");
        }
    }

    private static string[] Stream(TopRates rates, JsonElement stream)
    {
        var partitions = stream.GetProperty("partitions").EnumerateArray().ToList();
        return
        [
            Text(stream, "name"),
            Rate(rates.OfStream(Text(stream, "name"))),
            Number(partitions.Sum(static one =>
                one.GetProperty("committed").GetInt64() - one.GetProperty("first").GetInt64())),
            (partitions.Sum(static one => one.GetProperty("bytes").GetInt64()) / 1048576.0)
                .ToString("0.0", CultureInfo.InvariantCulture),
        ];
    }

    private static string[] Stage(TopRates rates, string name, List<JsonElement> instances)
    {
        var states = instances.GroupBy(static one => Text(one, "state")).OrderBy(static state => state.Count());
        return
        [
            name,
            Rate(rates.OfStage(name)),
            Number(instances.Sum(static one => one.GetProperty("lagEvents").GetInt64())),
            Number(instances.Sum(static one => one.GetProperty("deadLetters").GetInt64())),
            string.Join(", ", states.Select(state => states.Count() == 1 ? state.Key : $"{state.Count()} {state.Key}")),
        ];
    }

    private static string Stores(JsonElement health)
    {
        var stores = health.GetProperty("stores").EnumerateArray().ToList();
        var well = stores.Count(static store =>
            store.GetProperty("voting").GetBoolean() && Text(store, "detail").Length == 0);
        return $"{well} of {stores.Count} stores well, "
            + $"{Text(health, "partitionsServing")} of {Text(health, "partitions")} partitions serve";
    }

    private static string Labels(JsonElement alert) => string.Concat(
        alert.GetProperty("labels").EnumerateObject().Select(static label => $"{label.Name} {label.Value} "));

    private static string Rate(double? rate) => rate is { } known ? Number(known) : "";

    private static string Number(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ToString() : "";
}
