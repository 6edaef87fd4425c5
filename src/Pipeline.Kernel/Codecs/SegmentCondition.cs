namespace Pipeline.Kernel.Codecs;

/// <summary>What a scan says of one store's copy of a segment.</summary>
public enum SegmentCondition
{
    /// <summary>Good up to its end, or up to a torn tail or zeroes.</summary>
    Clean,

    /// <summary>A complete frame is bad, or a valid one follows a bad one: the copy is no witness.</summary>
    Damaged,
}

/// <summary>What a scanner's step met.</summary>
public enum ScanStep
{
    /// <summary>A whole, good frame.</summary>
    Frame,

    /// <summary>The window is too short.</summary>
    NeedMore,

    /// <summary>The end of what can be read; the condition is known.</summary>
    End,
}
