using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs;

/// <summary>
/// The value of a log's register: who owns it, which segment is open, which are closed. Its size is bounded whatever
/// the history: older closed segments lie in index blobs. Replaced whole, by compare-and-swap on <see cref="Version"/>.
/// </summary>
public sealed record LogManifest
{
    public required LogId Log { get; init; }

    /// <summary>Raised by one with each change.</summary>
    public required long Version { get; init; }

    /// <summary>Raised by each takeover.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>Random per process start; default before the first owner.</summary>
    public required Hash128 Owner { get; init; }

    /// <summary>The owner has not yet closed what the one before it left open.</summary>
    public required bool IsRecovering { get; init; }

    public required OpenSegment? Open { get; init; }

    /// <summary>The newest closed segments, oldest first.</summary>
    public required IReadOnlyList<ClosedSegment> Closed { get; init; }

    public required SegmentIndexLink? Index { get; init; }

    /// <summary>
    /// The number of the first segment kept: lower ones are trimmed, also where an index still lists them.
    /// </summary>
    public required long FirstNumber { get; init; }

    /// <summary>The first offset kept.</summary>
    public required LogOffset First { get; init; }

    /// <summary>What no reader needs any more ends here (published before anything is deleted).</summary>
    public required LogOffset LowWater { get; init; }

    /// <summary>The number for the next segment to open.</summary>
    public required long NextNumber { get; init; }

    /// <summary>Where the closed segments end.</summary>
    public LogOffset ClosedEnd => Closed.Count > 0 ? Closed[^1].End : Open?.First ?? First;

    /// <summary>The state every log is born with: the same bytes, whoever installs it.</summary>
    public static LogManifest Initial(LogId log) => new()
    {
        Log = log,
        Version = 0,
        Epoch = default,
        Owner = default,
        IsRecovering = false,
        Open = null,
        Closed = [],
        Index = null,
        FirstNumber = 0,
        First = LogOffset.Zero,
        LowWater = LogOffset.Zero,
        NextNumber = 0,
    };
}
