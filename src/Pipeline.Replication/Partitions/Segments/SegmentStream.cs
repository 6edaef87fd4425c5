using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Partitions.Segments;

/// <summary>
/// Reads one store's copy of a segment piece by piece: what the append blob holds, and from where that ends (or is
/// found bad) the repair blob, if there is one.
/// </summary>
internal sealed class SegmentStream(LogId log, SegmentId segment, IBlobStore store)
{
    private readonly BlobName _blob = LogNames.Segment(log, segment);
    private ReadOnlyMemory<byte> _fix;
    private long _fixFrom = -1;
    private bool _isFixRead;
    private bool _prefersFix;

    /// <summary>Up to <paramref name="length"/> bytes from a position; fewer only where the copy ends.</summary>
    public async ValueTask<BlobContent> ReadAsync(long position, int length, CancellationToken cancellationToken)
    {
        var content = new BlobContent(BlobStatus.Ok, ReadOnlyMemory<byte>.Empty);
        if (!_prefersFix || position < _fixFrom)
        {
            var limit = _prefersFix ? (int)Math.Min(length, _fixFrom - position) : length;
            content = await store.GetRangeAsync(_blob, position, limit, cancellationToken);
            if (content.Status is not (BlobStatus.Ok or BlobStatus.NotFound)
                || (content.IsOk && content.Bytes.Length == length))
            {
                return content;
            }
        }

        await ReadFixAsync(cancellationToken);
        var held = content.Bytes.Length;
        if (_fixFrom < 0 || position + held < _fixFrom)
        {
            return content;
        }

        var rest = _fix[(int)Math.Min(_fix.Length, position + held - _fixFrom)..];
        rest = rest[..Math.Min(rest.Length, length - held)];
        return new BlobContent(BlobStatus.Ok, held == 0 ? rest : Join(content.Bytes, rest));
    }

    /// <summary>
    /// The bytes from a position on are bad: take the repair blob's, if it has them; false where not.
    /// </summary>
    public async ValueTask<bool> TurnToFixAsync(long position, CancellationToken cancellationToken)
    {
        if (_prefersFix)
        {
            return false;
        }

        await ReadFixAsync(cancellationToken);
        _prefersFix = _fixFrom >= 0 && _fixFrom <= position;
        return _prefersFix;
    }

    private async ValueTask ReadFixAsync(CancellationToken cancellationToken)
    {
        if (_isFixRead)
        {
            return;
        }

        var blob = await store.GetAsync(LogNames.Fix(log, segment), cancellationToken);
        if (blob.IsOk && FixCodec.TryRead(blob.Bytes.Span, out var from))
        {
            _fix = blob.Bytes[FixCodec.HeaderSize..];
            _fixFrom = from;
        }

        _isFixRead = blob.Status is BlobStatus.Ok or BlobStatus.NotFound;
    }

    private static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right)
    {
        if (right.IsEmpty)
        {
            return left;
        }

        var joined = new byte[left.Length + right.Length];
        left.CopyTo(joined);
        right.CopyTo(joined.AsMemory(left.Length));
        return joined;
    }
}
