using Spectre.Console;

namespace Pipeline.Cli.Output;

/// <summary>
/// Where what commands say goes. To a terminal with colours; into files and pipes as plain lines of any width, so that
/// nothing is cut and other programs can read them.
/// </summary>
internal static class Terminal
{
    /// <summary>Columns of what is no terminal: no table is as wide.</summary>
    private const int AnyWidth = 100_000;

    /// <summary>Whether somebody looks on: progress may be drawn.</summary>
    public static bool IsInteractive => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>All that is written through <see cref="AnsiConsole"/> goes to standard output in that way.</summary>
    public static void Use() => AnsiConsole.Console = For(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole For(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (isRedirected)
        {
            console.Profile.Width = AnyWidth;
        }

        return console;
    }
}
