namespace Pipeline.Replication.Scrubbing;

/// <summary>What a look at every blob on every store found.</summary>
public sealed record VerifyReport
{
    /// <summary>Stores that were looked at, of those that vote.</summary>
    public required IReadOnlyList<string> Stores { get; init; }

    public required int Registers { get; init; }

    public required int Logs { get; init; }

    /// <summary>Closed segments; each was read on every store.</summary>
    public required int ClosedSegments { get; init; }

    /// <summary>Bytes of closed segments, one copy.</summary>
    public required long ClosedBytes { get; init; }

    /// <summary>Segments still open: their copies may end at different places, and are not compared.</summary>
    public required int OpenSegments { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Every register and every closed segment is readable, and the same, on every store.</summary>
    public bool IsIdentical => !Findings.Any(static finding => finding.IsDamage);
}
