using Pipeline.Ingestion;

namespace Pipeline.Http.Problems;

/// <summary>The problems with which requests with events are refused: counted from none on.</summary>
internal static class RefusalNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. Enum.GetValues<IngestProblem>()
            .Select(IngestProblems.NameOf)
            .Concat(["not-an-ingest-stream", "stream-not-found", "not-materialized", "too-slow",
                "unsupported-media-type"])
            .Distinct(),
    ];
}
