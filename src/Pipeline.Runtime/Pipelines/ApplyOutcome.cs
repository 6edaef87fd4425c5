using Pipeline.Runtime.Definitions;

namespace Pipeline.Runtime.Pipelines;

/// <summary>How an apply ended.</summary>
public enum ApplyStatus
{
    /// <summary>In force now (200).</summary>
    Applied,

    /// <summary>It was in force already, or its file did not change (200).</summary>
    Unchanged,

    /// <summary>Mistakes in the text (400).</summary>
    Invalid,

    /// <summary>It contradicts what exists: another pipeline's stream, another number of partitions (409).</summary>
    Conflict,

    /// <summary>No majority of stores answered: try again (503).</summary>
    Unavailable,
}

/// <summary>The answer to an apply: all mistakes at once, in the order of the text.</summary>
public sealed record ApplyOutcome(ApplyStatus Status)
{
    public IReadOnlyList<DefinitionError> Errors { get; init; } = [];

    /// <summary>The pipeline as it is now; where Applied or Unchanged.</summary>
    public PipelineStatus? Pipeline { get; init; }

    /// <summary>For people.</summary>
    public string? Detail { get; init; }
}
