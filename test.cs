#:property PublishAot=false

// The one test command: dotnet run test.cs [--nightly] [--only NAME]
//   --nightly  the long variants: 200 kills, 10,000 simulation seeds; and tests that run at night alone (Explicit)
//   --only     only the test projects whose name contains NAME
// Its last line is "N passed, N failed, N skipped"; its exit code is 0 only when nothing failed.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;

var root = Environment.CurrentDirectory;
if (!File.Exists(Path.Combine(root, "Pipeline.sln")))
{
    Console.Error.WriteLine("run this in the repository's root: dotnet run test.cs");
    return 2;
}

var only = Array.IndexOf(args, "--only") is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : "";
Environment.SetEnvironmentVariable("PIPELINE_NIGHTLY", args.Contains("--nightly") ? "1" : "0");
Environment.SetEnvironmentVariable("DOTNET_CLI_UI_LANGUAGE", "en");
Environment.SetEnvironmentVariable("DOTNET_CLI_TELEMETRY_OPTOUT", "1");

var shell = new Shell(root);
new Tools(shell).Install();

Console.WriteLine("building Pipeline.sln (Release)");
string[] release = ["build", "Pipeline.sln", "-c", "Release", "-nologo", "-v", "q"];
var build = shell.Run("dotnet", release, TimeSpan.FromMinutes(15));
if (build.ExitCode != 0)
{
    Console.Error.WriteLine(build.Output);
    Console.WriteLine("0 passed, 1 failed, 0 skipped");
    return 1;
}

var projects = TestProjects(root).Where(name => name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToArray();
var report = new TestRun(shell, args.Contains("--nightly")).RunAll(projects);
report.Print();
return report.Failed == 0 && report.Passed > 0 ? 0 : 1;

static string[] TestProjects(string root) => [.. Directory
    .GetFiles(Path.Combine(root, "tests"), "*.csproj", SearchOption.AllDirectories)
    .Where(path => File.ReadAllText(path).Contains("<IsTestProject>true"))
    .Select(path => Path.GetFileNameWithoutExtension(path)!)
    .Order()];

/// <summary>Runs programs and collects what they say.</summary>
internal sealed class Shell(string root)
{
    public string Root { get; } = root;

    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">After it, the program and all it started are ended.</param>
    /// <param name="temp">Where it puts temporary files; null: where all do.</param>
    public (int ExitCode, string Output) Run(string file, string[] arguments, TimeSpan limit, string? temp = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (temp is not null)
        {
            start.Environment["TMPDIR"] = temp;
        }

        var output = new StringBuilder();
        try
        {
            using var process = new Process { StartInfo = start };
            process.OutputDataReceived += (_, line) => Keep(output, line.Data);
            process.ErrorDataReceived += (_, line) => Keep(output, line.Data);
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                return (-1, $"{output}\nstopped after {limit.TotalMinutes:0} minutes");
            }

            process.WaitForExit();
            return (process.ExitCode, output.ToString());
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (127, missing.Message);
        }
    }

    private static void Keep(StringBuilder output, string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}

/// <summary>Installs what tests need and this machine lacks; where it may not, those tests skip and say so.</summary>
internal sealed class Tools(Shell shell)
{
    private const string Azurite = "3.37.0";
    private const string Datasets = "3.2.1";
    private const string Axe = "4.14.1";

    public void Install()
    {
        InstallPackage("azurite", "azurite", Azurite);
        InstallPackage("axe", "axe-core", Axe);
        InstallFlights();
        if (OperatingSystem.IsLinux() && !File.Exists("/usr/bin/chromium"))
        {
            InstallDebian("chromium");
        }

        if (OperatingSystem.IsLinux() && !File.Exists("/usr/bin/promtool"))
        {
            InstallDebian("prometheus");
        }

        if (OperatingSystem.IsLinux() && !File.Exists("/usr/bin/amtool"))
        {
            InstallDebian("prometheus-alertmanager");
        }

        if (!Directory.Exists("/usr/lib/postgresql"))
        {
            InstallDebian("postgresql");
        }
    }

    /// <summary>20,000 real flights, one JSON object a line, in order of time.</summary>
    private void InstallFlights()
    {
        var folder = Path.Combine(shell.Root, ".tools", "flights");
        var target = Path.Combine(folder, "flights-2001.ndjson.gz");
        InstallPackage("flights", "vega-datasets", Datasets);
        var source = Path.Combine(folder, "node_modules", "vega-datasets", "data", "flights-20k.json");
        if (File.Exists(target) || !File.Exists(source))
        {
            return;
        }

        var flights = JsonNode.Parse(File.ReadAllText(source))!.AsArray()
            .OrderBy(static flight => (string)flight!["date"]!, StringComparer.Ordinal);
        using (var writer = new StreamWriter(new GZipStream(File.Create(target + ".part"), CompressionLevel.Optimal)))
        {
            foreach (var (id, flight) in flights.Index())
            {
                var time = ((string)flight!["date"]!).Replace('/', '-').Replace(' ', 'T') + ":00Z";
                writer.Write(new JsonObject
                {
                    ["id"] = id,
                    ["time"] = time,
                    ["origin"] = flight["origin"]!.DeepClone(),
                    ["destination"] = flight["destination"]!.DeepClone(),
                    ["delay"] = flight["delay"]!.DeepClone(),
                    ["distance"] = flight["distance"]!.DeepClone(),
                }.ToJsonString() + "\n");
            }
        }

        File.Move(target + ".part", target, overwrite: true);
    }

    private void InstallPackage(string folder, string name, string version)
    {
        var modules = Path.Combine(shell.Root, ".tools", folder, "node_modules");
        var package = Path.Combine(modules, name, "package.json");
        if (File.Exists(package) && File.ReadAllText(package).Contains($"\"version\": \"{version}\""))
        {
            return;
        }

        Console.WriteLine($"installing {name} {version} into .tools/{folder} (npm)");
        string[] arguments =
            ["install", "--prefix", $".tools/{folder}", "--no-audit", "--no-fund", $"{name}@{version}"];
        Report("npm", shell.Run("npm", arguments, TimeSpan.FromMinutes(5)));
    }

    private void InstallDebian(string package)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !File.Exists("/usr/bin/apt-get"))
        {
            Console.WriteLine($"{package} is missing and this user may not install it: sudo apt-get install {package}");
            return;
        }

        Console.WriteLine($"installing {package} (apt-get)");
        Environment.SetEnvironmentVariable("DEBIAN_FRONTEND", "noninteractive");
        shell.Run("apt-get", ["update", "-q"], TimeSpan.FromMinutes(3));
        string[] arguments = ["install", "-y", "-q", "--no-install-recommends", package];
        Report("apt-get", shell.Run("apt-get", arguments, TimeSpan.FromMinutes(10)));
    }

    private static void Report(string program, (int ExitCode, string Output) result)
    {
        if (result.ExitCode != 0)
        {
            Console.WriteLine($"{program} failed; the tests that need it will be skipped:\n{result.Output.Trim()}");
        }
    }
}

/// <summary>
/// Runs the built test programs: the light ones side by side, then those with real processes one after the other, and
/// beside them, in the time that they leave over, the searches.
/// </summary>
internal sealed class TestRun(Shell shell, bool isNightly)
{
    // Those that take the longest begin first, so that none is left over at the end.
    private static readonly string[] First =
    [
        "Pipeline.Runtime.Tests", "Pipeline.Http.Tests", "Pipeline.Grains.Tests", "Pipeline.Infra.Tests",
        "Pipeline.Replication.Tests", "Pipeline.Cli.Tests",
    ];

    // Real processes under load, whose times are measured: nothing of the same priority runs beside them.
    private static readonly string[] Alone =
        ["Pipeline.Acceptance", "Pipeline.Cluster.Acceptance", "Pipeline.Browser.Tests"];

    // They take all the time that there is and wait for nothing; those above wait half of theirs.
    private static readonly string[] Searches =
        ["Pipeline.ModelChecking", "Pipeline.Simulation", "Pipeline.Tidy.Tests"];

    // What a disk does matters to them.
    private static readonly string[] OnDisk = ["Pipeline.Storage.Tests", "Pipeline.Infra.Tests"];

    private const string Memory = "/dev/shm";
    private const long EnoughMemory = 4L << 30;

    private readonly TimeSpan _limit = isNightly ? TimeSpan.FromHours(6) : TimeSpan.FromMinutes(30);

    private readonly string _results =
        Directory.CreateDirectory(Path.Combine(shell.Root, "artifacts", "test-results")).FullName;

    public Report RunAll(string[] projects)
    {
        var report = new Report();

        // Many small stores that sync each block: in memory they do in a minute what a disk does in five.
        var isRoomy = Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= EnoughMemory;
        var memory = isRoomy
            ? Directory.CreateDirectory(Path.Combine(Memory, $"pipeline-tests-{Environment.ProcessId}"))
            : null;
        var width = Math.Clamp(Environment.ProcessorCount / 2, 2, 8);
        var light = new ParallelOptions { MaxDegreeOfParallelism = width };
        var lights = First.Intersect(projects).Union(projects).Except(Alone).Except(Searches);
        Parallel.ForEach(Partitioner.Create(lights, EnumerablePartitionerOptions.NoBuffering), light, project =>
            RunOne(project, report, OnDisk.Contains(project) ? null : memory?.FullName));
        memory?.Delete(recursive: true);
        var searches = Task.Run(() => RunEach(Searches.Intersect(projects), report, isBeside: true));
        RunEach(Alone.Intersect(projects), report, isBeside: false);
        searches.Wait();
        return report;
    }

    private void RunEach(IEnumerable<string> projects, Report report, bool isBeside)
    {
        foreach (var project in projects)
        {
            RunOne(project, report, null, isBeside);
        }
    }

    /// <param name="project">Its tests.</param>
    /// <param name="report">Where what came of them goes.</param>
    /// <param name="temp">Where it puts temporary files; null: where all do.</param>
    /// <param name="isBeside">Whether it takes only the time that others leave over.</param>
    private void RunOne(string project, Report report, string? temp, bool isBeside = false)
    {
        var results = Path.Combine(_results, project + ".xml");
        File.Delete(results);
        var program = Path.Combine(shell.Root, "artifacts", "bin", project, "release", project);
        var watch = Stopwatch.StartNew();
        string[] arguments = ["-noLogo", "-noColor", "-explicit", isNightly ? "on" : "off", "-xml", results];
        string[] command = isBeside && OperatingSystem.IsLinux()
            ? ["nice", "-n", "19", program, .. arguments]
            : [program, .. arguments];
        var (exitCode, output) = shell.Run(command[0], command[1..], _limit, temp);
        File.WriteAllText(Path.Combine(_results, project + ".log"), output);
        report.Add(project, exitCode, output, results, watch.Elapsed);
    }
}

/// <summary>Adds up what the test programs found.</summary>
internal sealed class Report
{
    private readonly List<(string Test, string Reason)> _skipped = [];
    private readonly List<string> _failures = [];

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public void Add(string project, int exitCode, string output, string results, TimeSpan took)
    {
        lock (_skipped)
        {
            XElement[] tests = File.Exists(results) ? [.. XDocument.Load(results).Descendants("test")] : [];
            var failed = tests.Where(test => (string?)test.Attribute("result") == "Fail").ToArray();
            var passed = tests.Count(test => (string?)test.Attribute("result") == "Pass");
            var skipped = tests.Where(test => (string?)test.Attribute("result") == "Skip").ToArray();
            var broken = exitCode != 0 && failed.Length == 0;
            Passed += passed;
            Failed += failed.Length + (broken ? 1 : 0);
            _skipped.AddRange(skipped.Select(test => (Name(test), test.Element("reason")?.Value ?? "no reason given")));
            var counts = $"{passed,5} passed {failed.Length,3} failed {skipped.Length,3} skipped";
            var seconds = took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            Console.WriteLine($"{project,-28} {counts} {seconds,7} s");
            foreach (var test in failed)
            {
                var failure = test.Element("failure");
                var message = failure?.Element("message")?.Value;
                _failures.Add($"FAILED {Name(test)}: {message?.Split('\n')[0]}");
                Console.WriteLine($"FAILED {Name(test)}\n{message}");
                Console.WriteLine(failure?.Element("stack-trace")?.Value);
            }

            if (broken)
            {
                _failures.Add($"FAILED {project} ended with exit code {exitCode} and no failed test");
                Console.WriteLine($"{_failures[^1]}:\n{output}");
            }
        }
    }

    public void Print()
    {
        foreach (var (test, reason) in _skipped)
        {
            Console.WriteLine($"skipped {test}: {reason}");
        }

        // Once more, a line each: above, they may stand far from the end.
        _failures.ForEach(Console.WriteLine);
        Console.WriteLine($"{Passed} passed, {Failed} failed, {_skipped.Count} skipped");
    }

    private static string Name(XElement test) => (string?)test.Attribute("name") ?? "?";
}
