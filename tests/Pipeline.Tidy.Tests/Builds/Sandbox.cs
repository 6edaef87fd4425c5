using System.Diagnostics;

namespace Pipeline.Tidy.Tests.Builds;

/// <summary>A throw-away tree with the repository's build settings, to build a project in that breaks them.</summary>
public sealed class Sandbox : IDisposable
{
    private static readonly string[] Settings =
    [
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", ".editorconfig", "global.json",
        "eng/BannedSymbols.txt", "eng/BannedSymbols.Kernel.txt", "eng/BannedSymbols.Runtime.txt",
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("pipeline-tidy-").FullName;

    public Sandbox()
    {
        foreach (var file in Settings)
        {
            Write(file, File.ReadAllText(Path.Combine(Repository.Root, file)));
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public void Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>A project that may reference <paramref name="allowed"/> and does reference others.</summary>
    public void Project(string path, string allowed, params string[] references) => Write(path, $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><AllowedReferences>{allowed}</AllowedReferences></PropertyGroup>
          <ItemGroup>
            {string.Concat(references.Select(reference => $"<ProjectReference Include=\"{reference}\" />"))}
          </ItemGroup>
        </Project>
        """);

    /// <summary>Restores and builds; the exit code and all that was said.</summary>
    public (int ExitCode, string Output) Build(string project)
    {
        var start = new ProcessStartInfo("dotnet", ["build", project, "-nologo", "-nodeReuse:false", "-v", "q"])
        {
            WorkingDirectory = _root,
            RedirectStandardOutput = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
