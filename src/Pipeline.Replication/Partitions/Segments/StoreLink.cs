using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Partitions.Frames;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Partitions.Segments;

/// <summary>
/// The open segment on one store: one append or comparison under way at a time. Holds on to the frames it sends until
/// the store has let go of them, however long that takes.
/// </summary>
internal sealed class StoreLink(LogId log, SegmentId segment, IBlobStore? store, TimeProvider time, TimeSpan limit)
    : IDisposable
{
    private readonly BlobName _blob = LogNames.Segment(log, segment);
    private readonly Deadline _deadline = new(time, limit);
    private readonly List<ReadOnlyMemory<byte>> _content = [];

    public SegmentId Segment => segment;

    /// <summary>Cancels a request that takes too long.</summary>
    public void CheckDeadline() => _deadline.Check();

    /// <summary>
    /// Appends the frames' bytes from <paramref name="position"/> on; they start at their segment position.
    /// </summary>
    public async ValueTask<BlobOutcome> AppendAsync(long position, IReadOnlyList<SentFrame> frames)
    {
        if (store is null)
        {
            Release(frames);
            return new BlobOutcome(BlobStatus.StoreLost);
        }

        _content.Clear();
        foreach (var frame in frames)
        {
            _content.Add(frame.From(position));
        }

        _deadline.Restart();
        try
        {
            return await store.AppendAsync(_blob, position, _content, _deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return new BlobOutcome(BlobStatus.Unavailable, Detail: "timed out");
        }
        finally
        {
            _deadline.Stop();
            Release(frames);
        }
    }

    /// <summary>
    /// Compares what lies between two positions with the frames, and makes sure that it is durable. Ok: they agree.
    /// </summary>
    public async ValueTask<StoreReply> CompareAsync(long position, long length, IReadOnlyList<SentFrame> frames)
    {
        if (store is null)
        {
            Release(frames);
            return StoreReply.StoreLost;
        }

        _deadline.Restart();
        try
        {
            var content = await store.GetRangeAsync(_blob, position, (int)(length - position), _deadline.Token);
            if (!content.IsOk || content.Bytes.Length < length - position)
            {
                return content.IsOk ? StoreReply.Unavailable : content.Status.ToReply();
            }

            if (!Agrees(content.Bytes.Span, position, frames))
            {
                return StoreReply.Foreign;
            }

            // An append of nothing at that length is durable only with all that lies before it.
            var synced = await store.AppendAsync(_blob, length, [], _deadline.Token);
            return synced.Status == BlobStatus.PositionMismatch ? StoreReply.Unavailable : synced.Status.ToReply();
        }
        catch (OperationCanceledException)
        {
            return StoreReply.Unavailable;
        }
        finally
        {
            _deadline.Stop();
            Release(frames);
        }
    }

    public void Dispose() => _deadline.Dispose();

    private static bool Agrees(ReadOnlySpan<byte> found, long position, IReadOnlyList<SentFrame> frames)
    {
        foreach (var frame in frames)
        {
            var own = frame.From(position).Span;
            var both = Math.Min(own.Length, found.Length);
            if (!own[..both].SequenceEqual(found[..both]))
            {
                return false;
            }

            found = found[both..];
            position += both;
        }

        return found.IsEmpty;
    }

    private static void Release(IReadOnlyList<SentFrame> frames)
    {
        foreach (var frame in frames)
        {
            frame.Buffer.Release();
        }
    }
}
