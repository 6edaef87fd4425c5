using System.CommandLine;

namespace Pipeline.Cli.Commands;

/// <summary>The option that says where a page of HTML is to be written, with the same as JSON beside it.</summary>
internal static class ReportOption
{
    public static Option<FileInfo?> Create(string what) => new("--report")
    {
        Description = $"A page of HTML to write, {what}; beside it the same as JSON.",
    };

    /// <summary>Why a report cannot be written there; null: it can.</summary>
    public static string? Wrong(FileInfo? report) => report switch
    {
        null => null,
        { Directory.Exists: false } => $"There is no folder '{report.DirectoryName}' for the report.",
        _ when Directory.Exists(report.FullName) => $"'{report}' is a folder: --report names a file.",
        { Extension: ".json" } => "--report names the page: the same as JSON is written beside it.",
        _ => null,
    };

    public static async Task WriteAsync(FileInfo report, string page, string json)
    {
        await File.WriteAllTextAsync(report.FullName, page);
        await File.WriteAllTextAsync(Path.ChangeExtension(report.FullName, ".json"), json);
    }
}
