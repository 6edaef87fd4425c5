using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions.Segments;
using Pipeline.Replication.Quorums;

namespace Pipeline.Replication.Partitions.Reading;

/// <summary>
/// Reads frames of one segment from whichever store gives good ones: each frame's checksums are verified, and where
/// one is bad or missing the repair blob and then the next store are asked. A store that does not answer in time has
/// none.
/// </summary>
internal sealed class SegmentFetch(
    LogId log, BlockMap map, IStoreSet stores, StoreId first, PartitionOptions options, TimeProvider time)
{
    private SegmentStream? _stream;

    public BlockMap Map => map;

    /// <summary>Whom it asks first.</summary>
    public StoreId Store { get; private set; } = first;

    /// <summary>
    /// Frames from <paramref name="position"/> on, at least one; null where no store has them now.
    /// </summary>
    public async ValueTask<List<FetchedFrame>?> FetchAsync(
        long position, long end, CancellationToken cancellationToken)
    {
        var tried = 0;
        var members = stores.Members;
        while (tried <= members.Count)
        {
            if (_stream is { } stream
                && await time.WithinAsync<List<FetchedFrame>?>(
                    _ => TryBothAsync(stream, position, end, cancellationToken),
                    options.StoreTimeout,
                    static _ => null) is { } frames)
            {
                return frames;
            }

            cancellationToken.ThrowIfCancellationRequested();

            var index = IndexOf(members, Store);
            var next = members[_stream is null ? Math.Max(index, 0) : (index + 1) % members.Count];
            (Store, _stream) = (next.Id, new SegmentStream(log, map.Segment, next.Store));
            tried++;
        }

        return null;
    }

    private async ValueTask<List<FetchedFrame>?> TryBothAsync(
        SegmentStream stream, long position, long end, CancellationToken cancellationToken)
    {
        var frames = await TryAsync(stream, position, end, cancellationToken);
        return frames is null && await stream.TurnToFixAsync(position, cancellationToken)
            ? await TryAsync(stream, position, end, cancellationToken)
            : frames;
    }

    private async ValueTask<List<FetchedFrame>?> TryAsync(
        SegmentStream stream, long position, long end, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(options.ReadBytes, end - position);
        while (true)
        {
            var piece = await stream.ReadAsync(position, wanted, cancellationToken);
            if (!piece.IsOk || piece.Bytes.Length < wanted)
            {
                return null;
            }

            var frames = Split(piece.Bytes, out var needed);
            if (frames.Count > 0 || needed <= wanted || position + needed > end)
            {
                return frames.Count > 0 ? frames : null;
            }

            wanted = needed;
        }
    }

    private List<FetchedFrame> Split(ReadOnlyMemory<byte> bytes, out int needed)
    {
        var frames = new List<FetchedFrame>();
        needed = 0;
        while (FrameCodec.TryReadHeader(bytes.Span, out var header)
            && header.Log == log && header.Segment == map.Segment)
        {
            needed = header.Size;
            if (header.Size > bytes.Length)
            {
                break;
            }

            if (!FrameCodec.TryReadFrame(bytes.Span, out _, out _))
            {
                break;
            }

            frames.Add(new FetchedFrame(header, bytes.Slice(FrameCodec.HeaderSize, header.PayloadLength)));
            bytes = bytes[header.Size..];
        }

        return frames;
    }

    private static int IndexOf(IReadOnlyList<StoreMember> members, StoreId id)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }
}
