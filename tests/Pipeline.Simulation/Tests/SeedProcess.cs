using System.Diagnostics;

namespace Pipeline.Simulation.Tests;

/// <summary>Runs seeds in a process of their own, where nothing else uses the thread pool.</summary>
public static class SeedProcess
{
    public static (int ExitCode, string Output) Run(string arguments)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "Pipeline.Simulation.dll");
        var start = new ProcessStartInfo("dotnet", $"exec \"{dll}\" {arguments}") { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
