namespace Pipeline.Kernel.Logs;

/// <summary>Bounds and delays of a log. All times in ticks (100 ns); safety depends on none of them.</summary>
public sealed record LogOptions
{
    /// <summary>Roll to a new segment at this many bytes.</summary>
    public long RollBytes { get; init; } = 64L << 20;

    /// <summary>… or at this many frames (Azure: about 2,000, replay is paced per block).</summary>
    public int RollFrames { get; init; } = int.MaxValue;

    /// <summary>
    /// A segment of which something is to be trimmed is closed although it is not full, so that it can go as a whole.
    /// </summary>
    public bool RollsForTrim { get; init; }

    /// <summary>A block takes no further part beyond this many bytes.</summary>
    public int MaxBlockBytes { get; init; } = 4 << 20;

    /// <summary>One store append gathers frames up to this many bytes (or one frame).</summary>
    public int MaxAppendBytes { get; init; } = 8 << 20;

    /// <summary>Data blocks that may be uncommitted at a time.</summary>
    public int MaxUncommittedBlocks { get; init; } = 1;

    /// <summary>Bytes that may wait to be put into a block; beyond, appends are TooFast.</summary>
    public long MaxQueuedBytes { get; init; } = 16L << 20;

    /// <summary>How long an append may wait for a block before it is refused.</summary>
    public long MaxQueueTicks { get; init; } = 5 * TimeSpan.TicksPerSecond;

    /// <summary>A store that is this far behind what is committed is dropped from the segment: bytes.</summary>
    public long MaxLagBytes { get; init; } = 16L << 20;

    /// <summary>A store that is this far behind what is committed is dropped from the segment: time.</summary>
    public long MaxLagTicks { get; init; } = 2 * TimeSpan.TicksPerSecond;

    /// <summary>A partition that is idle for so long writes an empty frame with its commit offset.</summary>
    public long CommitIdleTicks { get; init; } = 10 * TimeSpan.TicksPerMillisecond;

    /// <summary>
    /// First delay before a store operation is tried again; doubles up to <see cref="MaxRetryTicks"/>.
    /// </summary>
    public long RetryTicks { get; init; } = 20 * TimeSpan.TicksPerMillisecond;

    public long MaxRetryTicks { get; init; } = TimeSpan.TicksPerSecond;

    /// <summary>
    /// After so many failures to use what a takeover found in the segment left open, it looks at the copies anew.
    /// </summary>
    public int RecoveryAttempts { get; init; } = 8;

    /// <summary>How long to wait for the other stores when a majority has answered: creating a segment.</summary>
    public long CreateGraceTicks { get; init; } = 100 * TimeSpan.TicksPerMillisecond;

    /// <summary>
    /// How long a roll waits for stores that are a little behind, so that they end with a whole copy.
    /// </summary>
    public long CloseGraceTicks { get; init; } = 15 * TimeSpan.TicksPerMillisecond;

    /// <summary>
    /// First delay before a dropped store is asked again; doubles each time it is dropped, 32-fold at most.
    /// </summary>
    public long TakeBackTicks { get; init; } = TimeSpan.TicksPerSecond;

    /// <summary>
    /// After so long without a commit, with a store at hand that is not in the segment, take over from itself.
    /// </summary>
    public long StallTicks { get; init; } = 3 * TimeSpan.TicksPerSecond;

    /// <summary>How often an idle owner looks whether it still owns the log.</summary>
    public long OwnerCheckTicks { get; init; } = 3 * TimeSpan.TicksPerSecond;

    /// <summary>Handles (keys, producer numbers, event ids) that the deduplication window remembers.</summary>
    public int WindowHandles { get; init; } = 100_000;

    /// <summary>Handles that are younger are remembered in any case, by the times of their blocks.</summary>
    public long WindowTicks { get; init; } = TimeSpan.TicksPerMinute;

    /// <summary>
    /// So many at most; beyond, what brings a new one is refused until some are older than <see cref="WindowTicks"/>.
    /// Never less than twice <see cref="WindowHandles"/>.
    /// </summary>
    public int MaxWindowHandles { get; init; } = 1_000_000;

    /// <summary>
    /// Producers whose numbers a partition remembers, each for good; beyond, new ones are refused.
    /// </summary>
    public int MaxProducers { get; init; } = 1_000_000;

    /// <summary>Closed segments in the manifest; beyond, the older half moves to an index blob.</summary>
    public int MaxClosedSegments { get; init; } = 24;
}
