namespace Pipeline.Runtime.Trials;

/// <summary>An event of a stream.</summary>
/// <param name="Value">Its JSON text.</param>
public sealed record TrialRow(ReadOnlyMemory<byte> Value);
