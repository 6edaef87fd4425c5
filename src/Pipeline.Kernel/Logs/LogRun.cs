using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs;

/// <summary>A contiguous run of offsets.</summary>
public readonly record struct LogRun(LogOffset First, int Count);
