using Pipeline.Http.Problems;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Pipelines;

/// <summary>The problem for each refusal of an operation on a pipeline.</summary>
internal static class PipelineProblems
{
    private const string MayHappen = "It may be carried out later: look at the pipeline then.";

    public static Problem? Of(PipelineOutcome outcome, string name) =>
        outcome.Status == PipelineOutcomeStatus.InUse
            ? Problem.InUse(outcome.Detail ?? $"Others read streams of '{name}'.", outcome.Readers)
            : Of(outcome.Status, outcome.Detail, name);

    public static Problem? Of(PipelineOutcomeStatus status, string? detail, string name) => status switch
    {
        PipelineOutcomeStatus.Done => null,
        PipelineOutcomeStatus.NotFound => detail is null
            ? Problem.PipelineNotFound(name)
            : Problem.PipelineNotFound(name) with { Detail = detail },
        PipelineOutcomeStatus.Conflict => Problem.Conflict(detail ?? "Another pipeline stands against it."),
        PipelineOutcomeStatus.PreconditionFailed => Problem.PreconditionFailed(detail ?? "It has another generation."),
        PipelineOutcomeStatus.OutcomeUnknown => Problem.OutcomeUnknown(detail ?? MayHappen),
        PipelineOutcomeStatus.NotBuilt => Problem.NotBuilt(detail ?? "Part of the interface, but not built yet."),
        _ => Problem.Unavailable(detail ?? "No majority of the stores answers."),
    };

    /// <summary>The problem for a definition that was not applied; null where it was.</summary>
    public static Problem? Of(ApplyOutcome outcome) => outcome.Status switch
    {
        ApplyStatus.Applied or ApplyStatus.Unchanged or ApplyStatus.Valid => null,
        ApplyStatus.Invalid => new Problem(400, "invalid-definition", "The definition has mistakes", Summary(outcome))
        {
            Errors = [.. outcome.Errors.Select(e => new ProblemError(e.Line, e.Column, 0, e.Message))],
        },
        ApplyStatus.Conflict => Problem.Conflict(outcome.Detail ?? Summary(outcome)) with
        {
            Errors = [.. outcome.Errors.Select(e => new ProblemError(e.Line, e.Column, 0, e.Message))],
        },
        ApplyStatus.InUse => Problem.InUse(outcome.Detail ?? Summary(outcome), outcome.Readers),
        ApplyStatus.CutImpossible => Problem.CutImpossible(outcome.Detail ?? Summary(outcome)),
        ApplyStatus.StateWouldBeLost => Problem.StateWouldBeLost(outcome.Detail ?? Summary(outcome), outcome.Changes),
        ApplyStatus.UnknownStage => Problem.Malformed(outcome.Detail ?? Summary(outcome)),
        ApplyStatus.PreconditionFailed => Problem.PreconditionFailed(outcome.Detail ?? Summary(outcome)),
        ApplyStatus.OutcomeUnknown => Problem.OutcomeUnknown(outcome.Detail ?? MayHappen),
        _ => Problem.Unavailable(outcome.Detail ?? "No majority of the stores answers."),
    };

    private static string Summary(ApplyOutcome outcome) => outcome.Errors.Count == 0
        ? outcome.Detail ?? "The definition was not applied."
        : $"{outcome.Errors.Count} mistake(s); the first: {$"{outcome.Errors[0]}".TrimEnd('.')}. Nothing was applied.";
}
