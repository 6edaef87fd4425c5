using Spectre.Console;

namespace Pipeline.Cli.Output;

/// <summary>Says on standard error what went wrong.</summary>
internal static class Failure
{
    public static int Tell(string message, int code = ExitCode.Failed)
    {
        var console = Terminal.For(Console.Error, Console.IsErrorRedirected);
        console.Profile.Width = Math.Max(console.Profile.Width, 400);
        console.MarkupLineInterpolated($"[red]{Printable.Lines(message)}[/]");
        return code;
    }
}
