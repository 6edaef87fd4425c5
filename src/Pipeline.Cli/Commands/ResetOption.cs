using System.CommandLine;

namespace Pipeline.Cli.Commands;

/// <summary>The option that lets state be dropped: of the stages it names, or without a name of all.</summary>
internal static class ResetOption
{
    private const string Name = "--reset";

    public static Option<string?> Create() => new(Name)
    {
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "stages",
        Description = "What stages hold between events may be dropped: of those named, with commas between them "
            + "(--reset=a,b); without names, of all.",
    };

    /// <summary>What it adds to the path of a PUT; nothing where it is not given.</summary>
    public static string Query(ParseResult parsed, Option<string?> option) => parsed.GetResult(option) is null
        ? ""
        : $"?reset={Uri.EscapeDataString(parsed.GetValue(option) ?? "true")}";

    /// <summary>For whoever was refused for want of it.</summary>
    public static string Advice(IReadOnlyList<string> lost) => lost.Count == 0
        ? ""
        : $"\n  Apply it with {Name}={string.Join(',', lost)} to have that dropped, or with {Name}, whatever it is.";
}
