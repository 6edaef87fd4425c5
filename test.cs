#:property PublishAot=false

// The one test command: dotnet run test.cs [--all] [--nightly] [--only NAME]
//   --all      a feed without the Orleans runtime is an error, nothing may be left out
//   --nightly  the long variants: 200 kills, 10,000 simulation seeds
//   --only     only the test projects whose name contains NAME
// Its last line is "N passed, N failed, N skipped"; its exit code is 0 only when nothing failed.

using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

var root = Environment.CurrentDirectory;
if (!File.Exists(Path.Combine(root, "Pipeline.sln")))
{
    Console.Error.WriteLine("run this in the repository's root: dotnet run test.cs");
    return 2;
}

var all = args.Contains("--all");
var only = Array.IndexOf(args, "--only") is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : "";
Environment.SetEnvironmentVariable("PIPELINE_NIGHTLY", args.Contains("--nightly") ? "1" : "0");
Environment.SetEnvironmentVariable("DOTNET_CLI_UI_LANGUAGE", "en");
Environment.SetEnvironmentVariable("DOTNET_CLI_TELEMETRY_OPTOUT", "1");

var shell = new Shell(root);
var feed = Feed.Probe(shell);
if (feed.Error is not null || (all && !(feed.HasOrleans && feed.HasAzurePersistence)))
{
    const string Missing = "a package of Microsoft.Orleans is not in the feed, and --all leaves nothing out";
    Console.Error.WriteLine(feed.Error ?? Missing);
    Console.WriteLine("0 passed, 1 failed, 0 skipped");
    return 1;
}

var solution = new Solution(root, feed);
Console.WriteLine(solution.Choice);
new Tools(shell).Install(solution.TestProjects);

Console.WriteLine($"building {solution.File} (Release)");
string[] release = ["build", solution.File, "-c", "Release", "-nologo", "-v", "q", .. solution.Properties];
var build = shell.Run("dotnet", release, TimeSpan.FromMinutes(15));
if (build.ExitCode != 0)
{
    Console.Error.WriteLine(build.Output);
    Console.WriteLine("0 passed, 1 failed, 0 skipped");
    return 1;
}

var projects = solution.TestProjects.Where(name => name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToArray();
var limit = args.Contains("--nightly") ? TimeSpan.FromHours(6) : TimeSpan.FromMinutes(20);
var report = new TestRun(shell, limit).RunAll(projects);
report.Print();
return report.Failed == 0 && report.Passed > 0 ? 0 : 1;

/// <summary>Runs programs and collects what they say.</summary>
internal sealed class Shell(string root)
{
    public string Root { get; } = root;

    public (int ExitCode, string Output) Run(string file, string[] arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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

/// <summary>
/// Whether the package feed has what a silo and a front need, and the one package that only grain storage on Azure
/// needs; <c>Error</c>: it did not answer properly.
/// </summary>
internal sealed record Feed(bool HasOrleans, bool HasAzurePersistence, string? Error)
{
    private static readonly Regex Missing =
        new(@"error NU110[12]: .*Microsoft\.Orleans\.", RegexOptions.CultureInvariant);

    private static readonly string[] Cluster =
    [
        "Microsoft.Orleans.Server", "Microsoft.Orleans.Client", "Microsoft.Orleans.Streaming",
        "Microsoft.Orleans.Clustering.AdoNet",
    ];

    private static readonly string[] AzurePersistence = ["Microsoft.Orleans.Persistence.AzureStorage"];

    public static Feed Probe(Shell shell)
    {
        var (hasOrleans, error) = Probe(shell, Cluster);
        var (hasAzure, azureError) = hasOrleans ? Probe(shell, AzurePersistence) : (false, null);
        return new Feed(hasOrleans, hasAzure, error ?? azureError);
    }

    private static (bool IsThere, string? Error) Probe(Shell shell, string[] packages)
    {
        var folder = Directory.CreateDirectory(Path.Combine(shell.Root, ".tools", "probe")).FullName;
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
        {
            File.WriteAllText(Path.Combine(folder, name), "<Project />\n");
        }

        File.WriteAllText(Path.Combine(folder, "probe.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                {string.Join('\n', packages.Select(name => Reference(shell.Root, name)))}
              </ItemGroup>
            </Project>
            """);
        string[] arguments = ["restore", Path.Combine(folder, "probe.csproj"), "-nologo"];
        var (exitCode, output) = shell.Run("dotnet", arguments, TimeSpan.FromMinutes(3));
        return exitCode == 0 ? (true, null)
            : Missing.IsMatch(output) ? (false, null)
            : (false, $"the package feed does not answer as expected:\n{output}");
    }

    private static string Reference(string root, string package)
    {
        var versions = XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion");
        var version = versions.First(item => (string?)item.Attribute("Include") == package).Attribute("Version")!.Value;
        return $"""<PackageReference Include="{package}" Version="{version}" />""";
    }
}

/// <summary>What is built: everything, or what restores without the Orleans runtime.</summary>
internal sealed class Solution
{
    private static readonly Regex ProjectPath = new(@"[\w.\\/-]+\.csproj", RegexOptions.CultureInvariant);

    private const string NoAzure = "OrleansAzureStoragePersistence=false";

    public Solution(string root, Feed feed)
    {
        var everything = feed.HasOrleans;
        var whole = Projects(Path.Combine(root, "Pipeline.sln"));
        var part = Projects(Path.Combine(root, "Pipeline.Standalone.slnf"));
        var leftOut = whole.Except(part).Select(path => Path.GetFileNameWithoutExtension(path)).ToArray();
        File = everything ? "Pipeline.sln" : "Pipeline.Standalone.slnf";
        Properties = feed.HasAzurePersistence || !everything ? [] : [$"-p:{NoAzure}"];
        Choice = feed.HasAzurePersistence
            ? "Pipeline.sln: the package feed has all of Orleans, nothing is left out"
            : everything
            ? "Pipeline.sln: only Microsoft.Orleans.Persistence.AzureStorage is not in the package feed; built with "
                + $"{NoAzure}, which leaves out grain storage in an Azure account"
            : "Pipeline.Standalone.slnf: the Orleans runtime is not in the package feed; left out: "
                + (leftOut.Length == 0 ? "nothing, no project needs it" : string.Join(", ", leftOut));
        TestProjects = [.. (everything ? whole : part)
            .Where(path => System.IO.File.ReadAllText(Path.Combine(root, path)).Contains("<IsTestProject>true"))
            .Select(path => Path.GetFileNameWithoutExtension(path)!)];
    }

    public string File { get; }

    /// <summary>One line: what is built, and what not and why.</summary>
    public string Choice { get; }

    /// <summary>What the build is told besides.</summary>
    public string[] Properties { get; }

    public string[] TestProjects { get; }

    private static string[] Projects(string file) => [.. ProjectPath.Matches(System.IO.File.ReadAllText(file))
        .Select(match => match.Value.Replace(@"\\", "/").Replace('\\', '/')).Distinct().Order()];
}

/// <summary>Installs what tests need and this machine lacks; where it may not, those tests skip and say so.</summary>
internal sealed class Tools(Shell shell)
{
    private const string Azurite = "3.37.0";

    public void Install(string[] testProjects)
    {
        InstallAzurite();
        if (!Directory.Exists("/usr/lib/postgresql"))
        {
            InstallDebian("postgresql");
        }

        var browses = testProjects.Contains("Pipeline.Browser.Tests");
        if (browses && !File.Exists("/usr/bin/chromium"))
        {
            InstallDebian("chromium");
        }
    }

    private void InstallAzurite()
    {
        var modules = Path.Combine(shell.Root, ".tools", "azurite", "node_modules");
        var package = Path.Combine(modules, "azurite", "package.json");
        if (File.Exists(package) && File.ReadAllText(package).Contains($"\"version\": \"{Azurite}\""))
        {
            return;
        }

        Console.WriteLine($"installing azurite {Azurite} into .tools/azurite (npm)");
        string[] arguments = ["install", "--prefix", ".tools/azurite", "--no-audit", "--no-fund", $"azurite@{Azurite}"];
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

/// <summary>Runs the built test programs: the light ones side by side, then the heavy ones alone.</summary>
internal sealed class TestRun(Shell shell, TimeSpan limit)
{
    // Real processes under load, and searches that use every core: nothing runs beside them.
    private static readonly string[] Alone =
    [
        "Pipeline.Tidy.Tests", "Pipeline.ModelChecking", "Pipeline.Simulation", "Pipeline.Acceptance",
        "Pipeline.Cluster.Acceptance", "Pipeline.Browser.Tests",
    ];

    private readonly string _results =
        Directory.CreateDirectory(Path.Combine(shell.Root, "artifacts", "test-results")).FullName;

    public Report RunAll(string[] projects)
    {
        var report = new Report();
        var width = Math.Clamp(Environment.ProcessorCount / 2, 2, 8);
        var light = new ParallelOptions { MaxDegreeOfParallelism = width };
        Parallel.ForEach(projects.Except(Alone), light, project => RunOne(project, report));
        foreach (var project in Alone.Intersect(projects))
        {
            RunOne(project, report);
        }

        return report;
    }

    private void RunOne(string project, Report report)
    {
        var results = Path.Combine(_results, project + ".xml");
        File.Delete(results);
        var program = Path.Combine(shell.Root, "artifacts", "bin", project, "release", project);
        var watch = Stopwatch.StartNew();
        var (exitCode, output) = shell.Run(program, ["-noLogo", "-noColor", "-xml", results], limit);
        File.WriteAllText(Path.Combine(_results, project + ".log"), output);
        report.Add(project, exitCode, output, results, watch.Elapsed);
    }
}

/// <summary>Adds up what the test programs found.</summary>
internal sealed class Report
{
    private readonly List<(string Test, string Reason)> _skipped = [];

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
                Console.WriteLine($"FAILED {Name(test)}\n{failure?.Element("message")?.Value}");
                Console.WriteLine(failure?.Element("stack-trace")?.Value);
            }

            if (broken)
            {
                Console.WriteLine($"FAILED {project} ended with exit code {exitCode} and no failed test:\n{output}");
            }
        }
    }

    public void Print()
    {
        foreach (var (test, reason) in _skipped)
        {
            Console.WriteLine($"skipped {test}: {reason}");
        }

        Console.WriteLine($"{Passed} passed, {Failed} failed, {_skipped.Count} skipped");
    }

    private static string Name(XElement test) => (string?)test.Attribute("name") ?? "?";
}
