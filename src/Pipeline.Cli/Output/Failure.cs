using Spectre.Console;

namespace Pipeline.Cli.Output;

/// <summary>Says on standard error what went wrong.</summary>
internal static class Failure
{
    private static readonly IAnsiConsole Console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(System.Console.Error),
    });

    public static int Tell(string message, int code = ExitCode.Failed)
    {
        Console.Profile.Width = Math.Max(Console.Profile.Width, 400);
        Console.MarkupLineInterpolated($"[red]{message}[/]");
        return code;
    }
}
