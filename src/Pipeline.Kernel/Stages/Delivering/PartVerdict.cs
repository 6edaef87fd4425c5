using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>What an answer means for the part that it answers.</summary>
internal enum PartVerdict
{
    Committed,

    /// <summary>The sender ends.</summary>
    Fenced,

    /// <summary>The target holds the part's first records: the rest of it follows.</summary>
    Trim,

    /// <summary>The target holds what this producer did not make, or lacks what it had committed.</summary>
    Diverged,

    /// <summary>The same part again.</summary>
    Retry,
}

internal static class PartVerdicts
{
    /// <param name="reply">What the target answered.</param>
    /// <param name="held">With a mismatch: the last origin that it holds.</param>
    /// <param name="committed">The last origin that it was known to hold.</param>
    /// <param name="part">The whole part, of which some may have been left out already.</param>
    public static PartVerdict Of(OutletReply reply, Origin held, Origin committed, OutputPart part) => reply switch
    {
        OutletReply.Held => PartVerdict.Committed,
        OutletReply.Fenced => PartVerdict.Fenced,
        OutletReply.Mismatch when committed < held && held < part.Header.Last => PartVerdict.Trim,
        OutletReply.Mismatch => PartVerdict.Diverged,
        _ => PartVerdict.Retry,
    };
}
