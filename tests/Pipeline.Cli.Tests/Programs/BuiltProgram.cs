using System.Diagnostics;

namespace Pipeline.Cli.Tests.Programs;

/// <summary>The programs as they were built beside this test.</summary>
internal static class BuiltProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly Dictionary<string, string> None = [];

    public static string Cli => Find("Pipeline.Cli", "pipeline");

    public static string Standalone => Find("Pipeline.Standalone", "Pipeline.Standalone");

    /// <summary>Runs the command line to its end.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunAsync(None, arguments);

    /// <summary>The same with these environment variables besides.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        using var process = Start(Cli, variables, arguments);
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await errors);
    }

    public static Process Start(string program, params string[] arguments) => Start(program, None, arguments);

    /// <summary>Starts a program with these environment variables besides; an empty one is taken away.</summary>
    public static Process Start(
        string program, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value.Length > 0 ? value : null;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static string Find(string project, string program)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(configuration.Parent!.Parent!.FullName, project, configuration.Name, program);
    }
}
