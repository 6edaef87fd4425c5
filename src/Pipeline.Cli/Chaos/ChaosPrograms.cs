namespace Pipeline.Cli.Chaos;

/// <summary>Where the service's programs lie: built in the repository, or published into one folder.</summary>
internal sealed class ChaosPrograms(string? folder)
{
    public string Standalone => Find("Pipeline.Standalone");

    public string Silo => Find("Pipeline.Silo");

    public string Front => Find("Pipeline.Ingest");

    private string Find(string project)
    {
        // artifacts/bin/PROJECT/release/PROGRAM: this program lies in one of these, too.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        var file = OperatingSystem.IsWindows() ? $"{project}.exe" : project;
        string[] places = folder is null
            ? [Path.Combine(configuration.FullName, "..", "..", project, configuration.Name, file)]
            : [Path.Combine(folder, file), Path.Combine(folder, project, file),
                Path.Combine(folder, project, "release", file)];
        return Array.Find(places, File.Exists) is { } found
            ? Path.GetFullPath(found)
            : throw new ChaosException($"There is no program {project} in '{folder ?? Path.GetFullPath(places[0])}': "
                + "build it (dotnet build -c Release), and name its folder with --programs.");
    }
}
