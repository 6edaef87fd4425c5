using Pipeline.Ingestion;

namespace Pipeline.Http.Problems;

/// <summary>The problem for each refusal of events.</summary>
internal static class IngestProblems
{
    public static Problem Of(IngestOutcome outcome)
    {
        var (status, name, title, retryAfter) = Describe(outcome.Problem);
        return new Problem(status, name, title, outcome.Detail)
        {
            RetryAfter = retryAfter,
            Expected = outcome.Problem == IngestProblem.ProducerGap
                || (outcome.Problem == IngestProblem.ProducerForgotten && outcome.Expected > 0)
                    ? outcome.Expected : null,
            Errors = [.. outcome.Errors.Select(e => new ProblemError(e.Line, e.Column, e.Event, e.Reason))],
        };
    }

    public static string NameOf(IngestProblem problem) => Describe(problem).Name;

    private static (int Status, string Name, string Title, int RetryAfter) Describe(IngestProblem? problem) =>
        problem switch
        {
            IngestProblem.Malformed => (400, "malformed", "The request is malformed", 0),
            IngestProblem.TooLarge => (413, "too-large", "The request is too large", 0),
            IngestProblem.MissingKey => (422, "missing-key", "An event has no key", 0),
            IngestProblem.Schema => (422, "schema", "An event does not fit the stream's schema", 0),
            IngestProblem.KeyReused => (422, "key-reused", "The handle was used with another body", 0),
            IngestProblem.InProgress => (409, "request-in-progress", "The same request is still running", 1),
            IngestProblem.ProducerGap => (409, "producer-gap", "A number of the producer is missing", 0),
            IngestProblem.ProducerForgotten => (409, "producer-forgotten", "The number is older than the window", 0),
            IngestProblem.TooManyHandles => (429, "too-many-handles", "More handles than can be remembered", 10),
            IngestProblem.TooFast => (429, "too-fast", "More than can be taken now", 1),
            IngestProblem.NotAppended => (503, "not-appended", "Nothing was written", 1),
            IngestProblem.NotBuilt => (501, "not-built", "Not built yet", 0),
            _ => (503, "outcome-unknown", "Retry with the same handle", 1),
        };
}
