using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Logs.Writing;

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

    public CopyState Duplicate() => this with { };

    public void Encode(ByteWriter to, LogCore core)
    {
        to.Bool(IsUnderWay);
        to.Bool(IsGone);
        core.EncodeTime(to, RetryAt);
        to.Int64(Copy?.Bytes ?? -1);
        to.Int32((int?)Copy?.Condition ?? -1);
        to.Int64(Copy?.HighestCommit.Value ?? -1);
    }
}
