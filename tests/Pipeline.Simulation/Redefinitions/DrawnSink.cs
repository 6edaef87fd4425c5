namespace Pipeline.Simulation.Redefinitions;

/// <summary>A file sink of a drawn definition; no two sinks ever have the same path.</summary>
public sealed record DrawnSink(string Name, string From, string Path);
