using System.Runtime.InteropServices;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>One line about what was measured on.</summary>
public static class Machine
{
    public static string Describe() => $"{Environment.ProcessorCount} cores ({Processor()}), "
        + $"{RuntimeInformation.OSDescription}, .NET {Environment.Version}";

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = !File.Exists(CpuInfo) ? null : File.ReadLines(CpuInfo)
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
