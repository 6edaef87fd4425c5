using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Partitions.Segments;
using Pipeline.Runtime.Stores;

namespace Pipeline.Runtime.Partitions.Reading;

/// <summary>
/// Reads frames of one segment from whichever store gives good ones: each frame's checksums are verified, and where
/// one is bad or missing the repair blob and then the next store are asked.
/// </summary>
internal sealed class SegmentFetch(LogId log, SegmentId segment, IStoreSet stores, PartitionOptions options)
{
    private StoreId _current;
    private SegmentStream? _stream;

    public BlockMap Map { get; } = new(segment);

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
            if (_stream is not null)
            {
                var frames = await TryAsync(_stream, position, end, cancellationToken);
                if (frames is not null
                    || (await _stream.TurnToFixAsync(position, cancellationToken)
                        && (frames = await TryAsync(_stream, position, end, cancellationToken)) is not null))
                {
                    return frames;
                }
            }

            var next = members[(IndexOf(members, _current) + 1) % members.Count];
            (_current, _stream) = (next.Id, new SegmentStream(log, segment, next.Store));
            tried++;
        }

        return null;
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
        while (FrameCodec.TryReadHeader(bytes.Span, out var header) && header.Log == log && header.Segment == segment)
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
