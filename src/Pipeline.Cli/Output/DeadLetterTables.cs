using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Pipeline.Cli.Output;

/// <summary>Dead letters as a table that fits on a terminal of 80 columns, and one of them whole.</summary>
internal static class DeadLetterTables
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void WriteList(IAnsiConsole console, DeadLetterPage page)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in (string[])["number", "stage", "event", "reason"])
        {
            table.AddColumn(new TableColumn(column) { Padding = new Padding(0, 0, 1, 0) });
        }

        foreach (var letter in page.Letters)
        {
            string[] cells =
            [
                letter.Number.ToString(CultureInfo.InvariantCulture), letter.Text("stage"), EventOf(letter),
                letter.Text("reason"),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        console.Write(table);
    }

    public static void WriteOne(IAnsiConsole console, DeadLetter letter)
    {
        console.MarkupLineInterpolated($"number    {letter.Number}");
        console.MarkupLineInterpolated($"stage     {letter.Text("stage")}");
        console.MarkupLineInterpolated($"event     {EventOf(letter)}");
        console.MarkupLineInterpolated($"attempts  {letter.Text("attempts")}");
        console.MarkupLineInterpolated($"reason    [red]{letter.Text("reason")}[/]");
        console.WriteLine();
        if (letter.Json.TryGetProperty("value", out var value))
        {
            console.WriteLine(JsonSerializer.Serialize(value, Indented));
        }
    }

    private static string EventOf(DeadLetter letter) =>
        $"{letter.Text("stream")}/{letter.Text("partition")}:{letter.Text("offset")}";
}
