using System.Diagnostics;

namespace Pipeline.Tidy.Tests;

/// <summary>The checked-out tree that this test was built from.</summary>
public static class Repository
{
    private static readonly string[] TextEndings =
    [
        ".cs", ".md", ".yaml", ".yml", ".json", ".props", ".targets", ".csproj", ".txt", ".sh",
        ".editorconfig", ".ci/run",
    ];

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file that is, or would be, committed; paths relative to the root.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = [.. Paths()
        .Where(path => TextEndings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
        .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    private static IEnumerable<string> Paths()
    {
        var start = new ProcessStartInfo("git", "ls-files --cached --others --exclude-standard")
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var lines = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return lines.Distinct().Where(path => File.Exists(Path.Combine(Root, path)));
    }

    private static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Pipeline.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException("run this test from within the repository");
    }
}
