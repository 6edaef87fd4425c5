using System.Globalization;
using Pipeline.Cli.Output;
using Spectre.Console;

namespace Pipeline.Cli.Testing;

/// <summary>Says how cases ended, for people.</summary>
internal static class CaseText
{
    public static void Write(IAnsiConsole console, FileResult result)
    {
        console.MarkupLineInterpolated($"[bold]{Printable.Of(result.File)}[/]");
        foreach (var one in result.Cases)
        {
            var took = string.Create(CultureInfo.InvariantCulture, $"({one.Took.TotalMilliseconds:0} ms)");
            var name = Printable.Of(one.Name);
            if (one.IsPassed)
            {
                console.MarkupLineInterpolated($"  [green]ok[/]    {name} [grey]{took}[/]");
                continue;
            }

            console.MarkupLineInterpolated($"  [red]FAIL[/]  {name} [grey]{took}[/]");
            foreach (var failure in one.Failures)
            {
                Write(console, result.File, failure);
            }
        }
    }

    public static void WriteSum(IAnsiConsole console, IReadOnlyList<FileResult> results, TimeSpan took)
    {
        var cases = results.SelectMany(static result => result.Cases).ToList();
        var failed = cases.Count(static one => !one.IsPassed);
        var unread = results.Count(static result => result.Errors.Count > 0);
        var sum = string.Create(CultureInfo.InvariantCulture,
            $"{Count(results.Count, "file")}, {Count(cases.Count, "case")}: {cases.Count - failed} passed, "
                + $"{failed} failed{(unread > 0 ? $", {Count(unread, "file")} unreadable" : "")} "
                + $"({took.TotalSeconds:0.0} s)");
        console.MarkupLineInterpolated(
            failed + unread > 0 ? (FormattableString)$"[red]{sum}[/]" : $"[green]{sum}[/]");
    }

    /// <summary>What differs, a line each.</summary>
    public static IEnumerable<string> Lines(string file, CaseFailure failure) =>
        failure.Lines.Select(static line => line.ToString())
            .Prepend($"{file}:{failure.At.Line}:{failure.At.Column}: {failure.What}");

    private static void Write(IAnsiConsole console, string file, CaseFailure failure)
    {
        console.MarkupLineInterpolated(
            $"    {Printable.Of(file)}:{failure.At.Line}:{failure.At.Column}: {Printable.Of(failure.What)}");
        foreach (var line in failure.Lines)
        {
            var text = Printable.Of(line.Text);
            console.MarkupLineInterpolated(line.Sign switch
            {
                '-' => $"      [red]- {text}[/]",
                '+' => $"      [green]+ {text}[/]",
                _ => (FormattableString)$"        [grey]{text}[/]",
            });
        }
    }

    private static string Count(int number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");
}
