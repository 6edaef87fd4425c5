using System.Diagnostics;
using System.IO.Compression;

namespace Pipeline.Tidy.Tests.Builds;

/// <summary>A throw-away tree with the repository's build settings, to build a project in that breaks them.</summary>
public sealed class Sandbox : IDisposable
{
    private static readonly string[] Settings =
    [
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", ".editorconfig", "global.json",
        "eng/BannedSymbols.txt", "eng/BannedSymbols.Kernel.txt", "eng/BannedSymbols.Loops.txt",
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
    public void Project(string path, string allowed, params string[] references) =>
        Project(path, allowed, references, "");

    public void Project(string path, string allowed, string[] references, string items) => Write(path, $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><AllowedReferences>{allowed}</AllowedReferences></PropertyGroup>
          <ItemGroup>
            {string.Concat(references.Select(reference => $"<ProjectReference Include=\"{reference}\" />"))}
            {items}
          </ItemGroup>
        </Project>
        """);

    /// <summary>An empty package in a folder that restores take packages from too.</summary>
    public void Package(string folder, string id, string version)
    {
        Write("nuget.config", $"""
            <configuration><packageSources><add key="{folder}" value="{folder}" /></packageSources></configuration>
            """);
        Directory.CreateDirectory(Path.Combine(_root, folder));
        using var archive = ZipFile.Open(
            Path.Combine(_root, folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var text = new StreamWriter(archive.CreateEntry($"{id}.nuspec").Open());
        text.Write($"""
            <package><metadata>
              <id>{id}</id><version>{version}</version><authors>Pipeline</authors><description>Empty.</description>
            </metadata></package>
            """);
    }

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
