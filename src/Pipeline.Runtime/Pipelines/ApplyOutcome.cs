using Pipeline.Definitions;

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

    /// <summary>It was not done: no majority of stores answered, try again (503).</summary>
    Unavailable,

    /// <summary>Other pipelines read what it would drop (409 <c>in-use</c>).</summary>
    InUse,

    /// <summary>
    /// What runs cannot be brought to a checkpoint that the new definition could go on from (409
    /// <c>cut-impossible</c>): it goes on as it is.
    /// </summary>
    CutImpossible,

    /// <summary>Not the generation that the request asked for (412).</summary>
    PreconditionFailed,

    /// <summary>A majority of stores went away meanwhile: it may be done later (503 <c>outcome-unknown</c>).</summary>
    OutcomeUnknown,

    /// <summary>It was only tried: it could be applied, and <see cref="ApplyOutcome.Changes"/> says what it would do
    /// (200).</summary>
    Valid,

    /// <summary>
    /// It would drop what stages hold between events, and does not say that it may (409 <c>state-would-be-lost</c>):
    /// <see cref="ApplyOutcome.Changes"/> says of which, and nothing was changed.
    /// </summary>
    StateWouldBeLost,

    /// <summary>A stage whose state may be dropped is none (400).</summary>
    UnknownStage,
}

/// <summary>The answer to an apply: all mistakes at once, in the order of the text.</summary>
public sealed record ApplyOutcome(ApplyStatus Status)
{
    public IReadOnlyList<DefinitionError> Errors { get; init; } = [];

    /// <summary>The pipeline as it is now; where Applied or Unchanged.</summary>
    public PipelineStatus? Pipeline { get; init; }

    /// <summary>Partitions ("stream/number") that did not serve yet when it was answered.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];

    /// <summary>Who reads what it would drop ("pipeline.stage"); where InUse.</summary>
    public IReadOnlyList<string> Readers { get; init; } = [];

    /// <summary>
    /// Where Valid: what it would do to each stage. Where StateWouldBeLost: to those that would lose theirs.
    /// </summary>
    public IReadOnlyList<StageChange> Changes { get; init; } = [];

    /// <summary>For people.</summary>
    public string? Detail { get; init; }
}
