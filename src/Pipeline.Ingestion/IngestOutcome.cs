namespace Pipeline.Ingestion;

/// <summary>A contiguous run of events in a partition.</summary>
public readonly record struct IngestPosition(int Partition, long First, int Count);

/// <summary>The answer to a request: where the events lie, or why not.</summary>
public sealed record IngestOutcome
{
    /// <summary>Null where the events are durable.</summary>
    public IngestProblem? Problem { get; init; }

    /// <summary>For people; with a problem.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The mistakes in the body, in its order.</summary>
    public IReadOnlyList<IngestError> Errors { get; init; } = [];

    /// <summary>With ProducerGap: the number that was expected.</summary>
    public long Expected { get; init; }

    public int Accepted { get; init; }

    public int Duplicates { get; init; }

    /// <summary>By partition, one entry a contiguous run.</summary>
    public IReadOnlyList<IngestPosition> Positions { get; init; } = [];

    internal static IngestOutcome Refuse(IngestProblem problem, string detail) =>
        new() { Problem = problem, Detail = detail };
}
