using System.Diagnostics;

namespace Pipeline.Infra.Tests;

/// <summary>
/// A script of infra/hooks, run with an az, azd and sleep that only write down what they are asked to do and answer
/// what the test says.
/// </summary>
internal sealed class Hook : IDisposable
{
    private const string Az = """
        #!/bin/sh
        echo "az $*" >> "$STATE/calls"
        case "$*" in
          *"!=null"*) cat "$STATE/generations" ;;
          *"=='silo'"*) cat "$STATE/tagged" ;;
          *"=='migrate'"*) echo the-job ;;
          *"pipeline-generation"*"=='0'"*) cat "$STATE/names-0" ;;
          *"pipeline-generation"*"=='1'"*) cat "$STATE/names-1" ;;
          *"job start"*) echo the-run ;;
          *"job execution show"*) cat "$STATE/status" ;;
          *"revision list"*) cat "$STATE/health" ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-").FullName;

    public Hook()
    {
        Write("az", Az);
        Write("azd", "#!/bin/sh\necho \"azd $*\" >> \"$STATE/calls\"\n");
        Write("sleep", "#!/bin/sh\necho \"sleep $*\" >> \"$STATE/calls\"\n");
        foreach (var name in new[] { "generations", "tagged", "names-0", "names-1", "status", "health", "calls" })
        {
            Write(name, "");
        }
    }

    /// <summary>What az answers: generations, tagged, names-0, names-1, status, health.</summary>
    public string this[string name]
    {
        set => Write(name, value + "\n");
    }

    public IReadOnlyList<string> Calls => File.ReadAllLines(Path.Combine(_folder, "calls"));

    public int Run(string script, string generation = "")
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell: dotnet run test.cs on a Debian machine");
        foreach (var program in new[] { "az", "azd", "sleep" })
        {
            Process.Start("chmod", ["+x", Path.Combine(_folder, program)]).WaitForExit();
        }

        var start = new ProcessStartInfo("sh", [Repository.At($"infra/hooks/{script}")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_folder}:{start.Environment["PATH"]}";
        start.Environment["STATE"] = _folder;
        start.Environment["AZURE_RESOURCE_GROUP"] = "rg";
        start.Environment["AZURE_SUBSCRIPTION_ID"] = "sub";
        start.Environment["SILO_GENERATION"] = generation;
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        TemplateTests.None(Strangers(Calls));
        return process.ExitCode;
    }

    /// <summary>Calls that would go to whatever subscription az was last used for.</summary>
    public static IEnumerable<string> Strangers(IEnumerable<string> calls) => calls
        .Where(call => call.StartsWith("az ", StringComparison.Ordinal)
            && !call.EndsWith(" --subscription sub", StringComparison.Ordinal));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
