namespace Pipeline.Replication.Loops;

/// <summary>One piece of work of a loop.</summary>
internal readonly record struct LoopWork(Action<object?> Run, object? State);
