namespace Pipeline.Kernel.Logs;

/// <summary>
/// An invariant of a log does not hold: a bug, or damage beyond what the design covers. Stop the partition.
/// </summary>
public sealed class LogInvariantException(string invariant) : Exception($"log invariant violated: {invariant}");
