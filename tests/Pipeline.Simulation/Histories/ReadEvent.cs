namespace Pipeline.Simulation.Histories;

/// <summary>One committed event as a reader saw it.</summary>
public readonly record struct ReadEvent(long Offset, string Key, string Value, long AcceptedTime);
