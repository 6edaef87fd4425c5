using System.Diagnostics;

namespace Pipeline.TestKit.Machines;

/// <summary>What a process uses (bytes, seconds of processor time over all cores).</summary>
public static class ProcessUse
{
    /// <summary>The most that was ever resident.</summary>
    public static long PeakMemory(int process) => Of(process, static use => use.PeakWorkingSet64);

    /// <summary>Resident now.</summary>
    public static long Memory(int process) => Of(process, static use => use.WorkingSet64);

    public static double MemoryMiB(int process) => Memory(process) / (double)(1 << 20);

    /// <summary>Used since its start.</summary>
    public static double ProcessorSeconds(int process) =>
        Of(process, static use => use.TotalProcessorTime.TotalSeconds);

    private static T Of<T>(int process, Func<Process, T> value)
    {
        using var use = Process.GetProcessById(process);
        return value(use);
    }
}
