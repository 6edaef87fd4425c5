using Pipeline.TestKit.Machines;


namespace Pipeline.Acceptance.Hosts;

/// <summary>
/// A place to run the service in: a folder of its own with data and definitions, and a port that stays the same over
/// restarts.
/// </summary>
public sealed class Site : IDisposable
{
    private readonly List<StandaloneProcess> _processes = [];

    public Site()
    {
        Folder = Directory.CreateTempSubdirectory("pipeline-").FullName;
        Directory.CreateDirectory(Definitions);
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}");
    }

    public string Folder { get; }

    public string Data => Path.Combine(Folder, "data");

    public string Definitions => Path.Combine(Folder, "pipelines");

    public Uri Address { get; }

    /// <summary>More arguments for every start.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>More environment variables for every start.</summary>
    public IDictionary<string, string> Variables { get; } = new Dictionary<string, string>();

    /// <summary>What stands before the program, as a command that runs it elsewhere.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>Starts without --data and --pipelines: the defaults lie in the working directory.</summary>
    public bool UsesDefaults { get; init; }

    /// <summary>Starts with --urls.</summary>
    public bool UsesUrls { get; init; } = true;

    public string Store(int number) => Path.Combine(Data, "stores", $"{number}");

    /// <summary>Writes a definition that the next start applies.</summary>
    public void Define(string name, string yaml) =>
        File.WriteAllText(Path.Combine(Definitions, name + ".yaml"), yaml);

    /// <summary>Starts the service and waits until it accepts events.</summary>
    public async Task<StandaloneProcess> StartAsync(TimeSpan? limit = null)
    {
        var process = StandaloneProcess.Start(this, Address);
        await process.AcceptsAsync(limit ?? TimeSpan.FromSeconds(60));
        return process;
    }

    /// <summary>Kills what still runs here and deletes the folder.</summary>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
        }

        Directory.Delete(Folder, recursive: true);
    }

    internal void Add(StandaloneProcess process) => _processes.Add(process);
}
