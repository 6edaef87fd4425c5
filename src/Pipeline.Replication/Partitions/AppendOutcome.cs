using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions;

/// <summary>A contiguous run of offsets.</summary>
public readonly record struct OffsetRun(LogOffset First, int Count);

/// <summary>The answer to an append.</summary>
public sealed record AppendOutcome(AppendStatus Status)
{
    /// <summary>Where the events lie, new and duplicate alike, in the order of the request.</summary>
    public IReadOnlyList<OffsetRun> Runs { get; init; } = [];

    /// <summary>How many of the events were new.</summary>
    public int Accepted { get; init; }

    /// <summary>How many were duplicates.</summary>
    public int Duplicates { get; init; }

    /// <summary>The number a producer must send next; with ProducerGap.</summary>
    public long Expected { get; init; }

    /// <summary>The last origin the partition has of this platform producer; with ProducerMismatch.</summary>
    public Origin Last { get; init; } = Origin.None;

    /// <summary>For people.</summary>
    public string? Detail { get; init; }
}
