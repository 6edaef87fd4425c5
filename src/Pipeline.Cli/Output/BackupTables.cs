using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Pipeline.Cli.Output;

/// <summary>Backups as a table that fits on a terminal of 80 columns.</summary>
internal static class BackupTables
{
    private static readonly string[] Columns = ["id", "state", "cut", "events", "size", "new"];

    public static void Write(IAnsiConsole console, JsonElement answer)
    {
        var backups = answer.GetProperty("backups").EnumerateArray().ToList();
        if (backups.Count == 0)
        {
            console.WriteLine("There are no backups yet.");
        }
        else
        {
            console.Write(Of(backups));
        }

        foreach (var failed in backups.Where(static backup => Text(backup, "reason").Length > 0))
        {
            console.MarkupLineInterpolated($"[red]{Text(failed, "id")}: {Text(failed, "reason")}[/]");
        }

        console.WriteLine(answer.GetProperty("lastDrill") is { ValueKind: JsonValueKind.Object } drill
            ? $"The last drill that went well: {Time(drill, "time")}, of {Text(drill, "backup")}."
            : "No drill has gone well yet: 'pipeline drill' rehearses a restore.");
    }

    /// <summary>A whole backup in a line.</summary>
    public static string Line(JsonElement backup) => string.Create(
        CultureInfo.InvariantCulture,
        $"backup {Text(backup, "id")}: {Number(backup, "events"):N0} events, {Size(backup, "bytes")}, "
            + $"{Size(backup, "newBytes")} of them new, cut {Time(backup, "cut")}");

    public static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Printable.Of(value.ToString()) : "";

    private static Table Of(List<JsonElement> backups)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in Columns)
        {
            table.AddColumn(new TableColumn(column)
            {
                Padding = new Padding(0, 0, 1, 0),
                Alignment = column is "events" or "size" or "new" ? Justify.Right : Justify.Left,
            });
        }

        foreach (var backup in backups)
        {
            string[] cells =
            [
                Text(backup, "id"), Text(backup, "state"), Time(backup, "cut"), Text(backup, "events"),
                Size(backup, "bytes"), Size(backup, "newBytes"),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        return table;
    }

    private static string Size(JsonElement backup, string name) => ByteSize.Of(Number(backup, name));

    private static long Number(JsonElement backup, string name) => backup.GetProperty(name).GetInt64();

    /// <summary>To the second: a row is as wide as a terminal, not more.</summary>
    private static string Time(JsonElement element, string name) =>
        DateTimeOffset.TryParse(
            Text(element, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : Text(element, name);
}
