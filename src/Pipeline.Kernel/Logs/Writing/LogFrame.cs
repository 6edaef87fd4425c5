using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>A frame on its way to the stores; its bytes are with the driver.</summary>
internal sealed record LogFrame
{
    public required long Sequence { get; init; }

    public required FrameKind Kind { get; init; }

    /// <summary>Its position in the segment, bytes.</summary>
    public required long Start { get; init; }

    public required LogOffset First { get; init; }

    public required int Count { get; init; }

    public required LogOffset Commit { get; init; }

    public required long Time { get; init; }

    /// <summary>The window's end after this frame.</summary>
    public required long WindowMark { get; init; }

    public required long ClosedAt { get; init; }

    /// <summary>Answers that wait for its commit; parts of it, then duplicates of what was not committed.</summary>
    public required List<PendingReply> Replies { get; init; }

    /// <summary>Bytes; 0 until it is encoded.</summary>
    public long Length { get; set; }

    public long CommittedAt { get; set; } = long.MaxValue;

    public long EndPosition => Start + Length;

    public LogOffset End => First + Count;

    public LogFrame Copy() => this with { Replies = [.. Replies] };

    public void Encode(ByteWriter to)
    {
        to.Int64(Sequence);
        to.Byte((byte)Kind);
        to.Int64(Start);
        to.Int64(Length);
        to.Int64(First.Value);
        to.Int32(Count);
        to.Int64(Commit.Value);
        to.Int64(WindowMark);
        to.Int32(Replies.Count);
        foreach (var reply in Replies)
        {
            reply.Encode(to);
        }
    }
}
