namespace Pipeline.TestKit.Machines;

/// <summary>Where the built programs and the repository's own files lie.</summary>
public static class Built
{
    public static string Root { get; } = FindRoot();

    public static string Standalone => Program("Pipeline.Standalone", "Pipeline.Standalone");

    public static string Silo => Program("Pipeline.Silo", "Pipeline.Silo");

    public static string Ingest => Program("Pipeline.Ingest", "Pipeline.Ingest");

    public static string Cli => Program("Pipeline.Cli", "pipeline");

    /// <summary>20,000 real flights (npm's vega-datasets), one JSON object a line, in order of time.</summary>
    public static string Flights => Path.Combine(Root, ".tools", "flights", "flights-2001.ndjson.gz");

    /// <summary>What looks for barriers in a page (npm's axe-core): a script.</summary>
    public static string Axe => Path.Combine(Root, ".tools", "axe", "node_modules", "axe-core", "axe.min.js");

    /// <summary>
    /// A host as <c>dotnet publish</c> lays it out for its image, from what is built, in a folder of its own that every
    /// user may read; gives its program.
    /// </summary>
    public static async Task<string> PublishAsync(string project, string folder)
    {
        Directory.CreateDirectory(folder);
        await Command.MustRunAsync(
            "dotnet", "publish", Path.Combine(Root, "src", project), "--no-build", "--nologo", "-o", folder,
            "-c", new DirectoryInfo(AppContext.BaseDirectory).Name);
        await Command.MustRunAsync("chmod", "-R", "a+rX", folder);
        return Path.Combine(folder, project);
    }

    // The same configuration as this test: artifacts/bin/<project>/<configuration>/.
    private static string Program(string project, string name)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var ending = OperatingSystem.IsWindows() ? ".exe" : "";
        return Path.Combine(Root, "artifacts", "bin", project, configuration, name + ending);
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
