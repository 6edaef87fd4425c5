using System.CommandLine;
using Pipeline.Definitions;
using static System.StringComparison;

namespace Pipeline.Cli.Commands;

/// <summary>What a host has that reads definitions, for verbs that read them without one.</summary>
internal static class DefinitionOptions
{
    public static Option<string?> Variables() => new("--variables")
    {
        Description = "Variables that ${NAME} may read, as the host's setting " + DefinitionVariables.Setting
            + " has them.",
        DefaultValueFactory = static _ =>
            Environment.GetEnvironmentVariable(DefinitionVariables.Setting.Replace(":", "__", Ordinal)),
    };

    public static Option<DirectoryInfo?> Code() =>
        new("--code") { Description = "Folder with the host's C# stages." };

    public static DefinitionVariables Of(string? variables) =>
        DefinitionVariables.Of(variables, Environment.GetEnvironmentVariable);
}
