using System.Diagnostics;

namespace Pipeline.TestKit.Machines;

/// <summary>A program that is run to its end.</summary>
public static class Command
{
    public static async Task<(int ExitCode, string Output)> RunAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Runs it and fails the test unless it ends well.</summary>
    public static async Task<string> MustRunAsync(string file, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(file, arguments);
        Assert.True(exitCode == 0, $"{file} {string.Join(' ', arguments)} ended with {exitCode}: {output}");
        return output;
    }
}
