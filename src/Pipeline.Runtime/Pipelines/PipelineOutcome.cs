namespace Pipeline.Runtime.Pipelines;

/// <summary>How an operation on a pipeline ended.</summary>
public enum PipelineOutcomeStatus
{
    Done,

    /// <summary>No such pipeline (404).</summary>
    NotFound,

    /// <summary>It contradicts what exists, as another pipeline reading a stream to delete (409).</summary>
    Conflict,

    /// <summary>It was not done: no majority of stores answered, try again (503).</summary>
    Unavailable,

    /// <summary>Part of the contract, not built yet (501).</summary>
    NotBuilt,

    /// <summary>Other pipelines read what it would drop (409 <c>in-use</c>).</summary>
    InUse,

    /// <summary>Not the generation that the request asked for (412).</summary>
    PreconditionFailed,

    /// <summary>A majority of stores went away meanwhile: it may be done later (503 <c>outcome-unknown</c>).</summary>
    OutcomeUnknown,
}

/// <summary>The outcome, and a sentence for people where it is not Done.</summary>
public readonly record struct PipelineOutcome(PipelineOutcomeStatus Status, string? Detail = null)
{
    /// <summary>Who reads what it would drop ("pipeline.stage"); where InUse.</summary>
    public IReadOnlyList<string> Readers { get; init; } = [];

    internal static PipelineOutcome Of(Obstacle obstacle) => new(
        obstacle.Status == ApplyStatus.OutcomeUnknown
            ? PipelineOutcomeStatus.OutcomeUnknown
            : PipelineOutcomeStatus.Unavailable,
        obstacle.Detail);
}
