using System.Globalization;

namespace Pipeline.Acceptance.Machines;

/// <summary>What a process uses, from /proc (Linux; units: bytes, seconds of processor time).</summary>
public static class ProcessUse
{
    // USER_HZ: fixed at 100 in what Linux shows to programs (proc(5)).
    private const double TicksPerSecond = 100;

    public static long PeakMemory(int process) => Status(process, "VmHWM:");

    public static long Memory(int process) => Status(process, "VmRSS:");

    public static double ProcessorSeconds(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    private static long Status(int process, string name)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith(name, StringComparison.Ordinal));
        return Number(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) * 1024;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
