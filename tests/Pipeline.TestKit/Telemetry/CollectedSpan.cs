namespace Pipeline.TestKit.Telemetry;

/// <summary>A span that a collector took; ids in hexadecimal.</summary>
/// <param name="Service">The name of the service that made it.</param>
/// <param name="Name">Its name.</param>
/// <param name="TraceId">Its trace.</param>
/// <param name="Id">Its own id.</param>
/// <param name="ParentId">Its parent's; empty where it has none.</param>
/// <param name="Links">Ids of the spans it is linked to.</param>
public sealed record CollectedSpan(
    string Service, string Name, string TraceId, string Id, string ParentId, IReadOnlyList<string> Links);

/// <summary>A metric that a collector took.</summary>
public sealed record CollectedMetric(string Service, string Name, string Unit);

/// <summary>A log record that a collector took; the trace's id in hexadecimal, empty outside of one.</summary>
public sealed record CollectedLog(string Service, string Text, string TraceId);
