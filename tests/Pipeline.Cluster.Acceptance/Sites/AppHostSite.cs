using System.Diagnostics;
using System.Globalization;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>The cluster that apphost.cs starts, on ports and in a folder of its own.</summary>
internal sealed class AppHostSite : IAsyncDisposable
{
    /// <summary>Those of the cluster, and behind them the dashboard's.</summary>
    private const int PortsInARow = 54;

    private const int DashboardPorts = 50;

    private static readonly TimeSpan End = TimeSpan.FromMinutes(2);

    private readonly string _folder = MakeFolder();
    private readonly int _firstPort = FirstOf(PortsInARow);
    private readonly ClusterProcess _run;
    private readonly int _host;

    private AppHostSite()
    {
        // Without apphost.run.json, whose fixed ports are those of whoever works on this machine.
        var dashboard = Url(_firstPort + DashboardPorts);
        _run = new ClusterProcess(
            "dotnet",
            dashboard,
            "login",
            [
                "run", Path.Combine(Built.Root, "apphost.cs"), "--no-build", "-c", Configuration, "--no-launch-profile",
                "--", "--data", _folder, "--first-port", Text(_firstPort),
            ],
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = dashboard.ToString(),
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Url(_firstPort + DashboardPorts + 1).ToString(),
                ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = Url(_firstPort + DashboardPorts + 2).ToString(),
            });
        _host = Child(_run.Id);
    }

    /// <summary>All that says it is healthy, by what it says it with: silos, then fronts.</summary>
    public IReadOnlyList<Uri> Health =>
    [
        .. Enumerable.Range(0, 3).Select(silo => new Uri(Url(_firstPort + silo), "health/ready")),
        .. Enumerable.Range(30, 2).Select(front => new Uri(Url(_firstPort + front), "health")),
    ];

    public Uri FirstFront => Url(_firstPort + 30);

    public Uri LastFront => Url(_firstPort + 31);

    public string Output => _run.Output;

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name;

    public static async Task<AppHostSite> StartAsync()
    {
        await Command.MustRunAsync(
            "dotnet", "build", Path.Combine(Built.Root, "apphost.cs"), "-c", Configuration, "-nologo", "-v", "q");
        return new AppHostSite();
    }

    /// <summary>The page of the dashboard answers.</summary>
    public Task HasDashboardAsync() => _run.IsReadyAsync(End);

    /// <summary>
    /// Ends it as Ctrl+C does, and gives its exit code: the apphost, which ends all that it started, the database last.
    /// </summary>
    public async Task<int> EndAsync()
    {
        var file = Path.Combine(_folder, "postgres", "postmaster.pid");
        var database = File.Exists(file) ? (await File.ReadAllLinesAsync(file))[0] : "none";
        await Command.MustRunAsync("kill", "-TERM", Text(_host));
        var exitCode = await _run.ExitsAsync(End);
        var watch = Stopwatch.StartNew();
        while (Directory.Exists($"/proc/{database}"))
        {
            Assert.True(watch.Elapsed < End, $"the database {database} is still there");
            await Task.Delay(100);
        }

        return exitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_run.HasExited)
        {
            await EndAsync();
        }

        _run.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One that the database's user reaches, who is another one where this is root.</summary>
    private static string MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-apphost-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Pass = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | Pass);
        }

        return folder;
    }

    private static int Child(int process)
    {
        var children = $"/proc/{process}/task/{process}/children";
        var found = "";
        Assert.True(
            SpinWait.SpinUntil(() => (found = File.ReadAllText(children).Trim()).Length > 0, End), "it did not start");
        return int.Parse(found.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static int FirstOf(int count)
    {
        while (true)
        {
            var ports = Ports.Free(count);
            if (ports[^1] == ports[0] + count - 1)
            {
                return ports[0];
            }
        }
    }

    private static Uri Url(int port) => new($"http://127.0.0.1:{Text(port)}/");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
