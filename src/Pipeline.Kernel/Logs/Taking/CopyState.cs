namespace Pipeline.Kernel.Logs.Taking;

/// <summary>What a takeover knows of one store's copy of the segment it recovers.</summary>
internal sealed record CopyState
{
    /// <summary>The copy as sealed and read; null until then.</summary>
    public SegmentCopy? Copy { get; set; }

    public bool IsUnderWay { get; set; }

    /// <summary>The incarnation is gone: it will never answer.</summary>
    public bool IsGone { get; set; }

    public int Attempts { get; set; }

    public long RetryAt { get; set; }
}
