using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.TestKit.Logs;
using Xunit.Sdk;

namespace Pipeline.Cluster.Acceptance.Logs;

/// <summary>What must be found on stores, and what must not.</summary>
public sealed class LogEvidenceTests
{
    private static readonly LogId Log = new(1, 0);
    private static readonly SegmentId First = new(new Epoch(1), 0);
    private static readonly SegmentId Second = new(new Epoch(2), 1);

    [Fact]
    public void A_takeover_that_goes_on_where_a_majority_was_is_right()
    {
        var older = Segment(First, (0, 3, 0), (3, 2, 3));
        var newer = Segment(Second, (3, 4, 3));
        Evidence(("a", older), ("b", older[..1]), ("c", older[..1]), ("b", newer), ("c", newer)).HasOneOwnerAtATime();
    }

    [Fact]
    public void Two_epochs_that_committed_the_same_offset_are_found()
    {
        var older = Segment(First, (0, 3, 0), (3, 2, 3));
        var newer = Segment(Second, (3, 4, 3));
        Finds(
            "1/0: 2-1 commits 3 where 5 comes next",
            ("a", older), ("b", older), ("c", older[..1]), ("b", newer), ("c", newer));
    }

    [Fact]
    public void Committed_offsets_that_are_missing_are_found()
    {
        var older = Segment(First, (0, 3, 0), (3, 2, 3));
        var newer = Segment(Second, (5, 1, 5));
        Finds(
            "1/0: 2-1 commits 5 where 3 comes next",
            ("a", older), ("b", older[..1]), ("b", newer), ("c", newer));
    }

    [Fact]
    public void An_owner_that_called_committed_what_a_later_one_replaced_is_found()
    {
        var older = Segment(First, (0, 3, 0), (3, 2, 3), (5, 1, 5));
        var newer = Segment(Second, (3, 4, 3));
        Finds(
            "1/0: epoch 1 calls 5 committed, it is only to 3",
            ("a", older), ("b", older[..1]), ("b", newer), ("c", newer));
    }

    private static void Finds(string what, params (string Store, List<StoredFrame> Frames)[] copies)
    {
        var failure = Assert.ThrowsAny<XunitException>(() => Evidence(copies).HasOneOwnerAtATime());
        Assert.Equal(what, failure.Message);
    }

    private static LogEvidence Evidence(params (string Store, List<StoredFrame> Frames)[] copies) => new(
        copies.Select(static copy =>
            new SegmentOnStore(copy.Store, Log, copy.Frames[0].Header.Segment, copy.Frames)),
        stores: 3);

    /// <summary>Frames as read from a store's copy, which is written as an owner would.</summary>
    private static List<StoredFrame> Segment(SegmentId id, params (long First, int Count, long Commit)[] frames)
    {
        var bytes = new List<byte>();
        var chain = default(Hash128);
        foreach (var (first, count, commit) in frames)
        {
            var frame = new byte[FrameCodec.HeaderSize + FrameCodec.TrailerSize];
            chain = FrameCodec.WriteHeader(
                new FrameHeader
                {
                    Kind = FrameKind.Data,
                    Log = Log,
                    Segment = id,
                    First = new LogOffset(first),
                    Count = count,
                    Commit = new LogOffset(commit),
                    Previous = chain,
                },
                frame);
            FrameCodec.WriteTrailer(frame.AsSpan(FrameCodec.HeaderSize));
            bytes.AddRange(frame);
        }

        var read = SegmentOnStore.Read("", Log, id, bytes.ToArray(), null).Frames;
        Assert.Equal(frames.Length, read.Count);
        return [.. read];
    }
}
