using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Problems;

/// <summary>An answer that is not a success (RFC 9457); its type is urn:pipeline:problem:{name}.</summary>
public sealed record Problem(int Status, string Name, string Title, string Detail)
{
    public const string TypePrefix = "urn:pipeline:problem:";
    public const string MediaType = "application/problem+json";

    public IReadOnlyList<ProblemError> Errors { get; init; } = [];

    /// <summary>In seconds; 0 where a retry makes no sense.</summary>
    public int RetryAfter { get; init; }

    /// <summary>The number a producer must send next.</summary>
    public long? Expected { get; init; }

    /// <summary>The first offset a partition still has.</summary>
    public long? First { get; init; }

    /// <summary>The end of a partition, exclusive: the offset its next event will have.</summary>
    public long? Next { get; init; }

    /// <summary>Who reads what a change would drop, as "pipeline.stage".</summary>
    public IReadOnlyList<string> Readers { get; init; } = [];

    /// <summary>Stages whose state a change would drop, and why.</summary>
    public IReadOnlyList<StageChange> Stages { get; init; } = [];

    public static Problem Malformed(string detail) => new(400, "malformed", "The request is malformed", detail);

    public static Problem NotFound(string detail) => new(404, "not-found", "There is nothing here", detail);

    public static Problem StreamNotFound(string name) =>
        new(404, "stream-not-found", "No such stream", $"There is no stream '{name}'. GET /v1/streams lists them.");

    public static Problem NotMaterialized(string name) => new(
        404,
        "not-materialized",
        "This stage's output is not kept",
        $"'{name}' is the output of a fused stage that nothing else reads: say 'materialize: true' in its stage.");

    public static Problem PipelineNotFound(string name) =>
        new(404, "pipeline-not-found", "No such pipeline", $"There is no pipeline '{name}'.");

    public static Problem UnsupportedMediaType(string detail) =>
        new(415, "unsupported-media-type", "This media type is not understood", detail);

    public static Problem TooLarge(string detail) => new(413, "too-large", "The request is too large", detail);

    public static Problem TooSlow(string detail) => new(408, "too-slow", "The request came too slowly", detail);

    public static Problem TooFast(string detail) =>
        new(429, "too-fast", "More than can be taken now", detail) { RetryAfter = 1 };

    public static Problem NotBuilt(string detail) => new(501, "not-built", "Not built yet", detail);

    public static Problem NotConfigured(string detail) =>
        new(409, "not-configured", "The service is not set up for it", detail);

    public static Problem NotAppended(string detail) =>
        new(503, "not-appended", "Nothing was written", detail) { RetryAfter = 1 };

    public static Problem Unavailable(string detail) =>
        new(503, "unavailable", "Not available now", detail) { RetryAfter = 1 };

    public static Problem OutcomeUnknown(string detail) =>
        new(503, "outcome-unknown", "It is not known whether this was done", detail) { RetryAfter = 1 };

    public static Problem InUse(string detail, IReadOnlyList<string> readers) =>
        new(409, "in-use", "Others read what it would drop", detail) { Readers = readers };

    public static Problem CutImpossible(string detail) =>
        new(409, "cut-impossible", "What runs cannot be brought to where the new definition goes on", detail);

    public static Problem StateWouldBeLost(string detail, IReadOnlyList<StageChange> stages) => new(
        409,
        "state-would-be-lost",
        "It would drop what stages hold",
        $"{detail} To have it dropped, send it with ?reset={string.Join(',', stages.Select(static one => one.Stage))} "
        + "(or ?reset=true, whatever it is).")
    {
        Stages = stages,
    };

    public static Problem PreconditionFailed(string detail) =>
        new(412, "generation-differs", "It has another generation", detail);

    public static Problem Conflict(string detail) => new(409, "conflict", "It contradicts what exists", detail);
}

/// <summary>One mistake: 0 where a number makes no sense.</summary>
public readonly record struct ProblemError(int Line, int Column, int Event, string Reason);
