namespace Pipeline.Kernel.Stages;

/// <summary>What a stage instance did since it was made, in events.</summary>
public readonly record struct StageCounters(long Read, long Written, long DeadLetters, long Late);
