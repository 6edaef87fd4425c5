using System.Security.Cryptography;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Scrubbing;

/// <summary>
/// Whether one store gives a closed segment with the manifest's hash: the append blob's bytes, or as many of them as
/// the repair blob beside it says, followed by the repair blob's. All bytes are read and hashed.
/// </summary>
internal sealed class SegmentAudit(StoreReading reading, IBlobStore store, LogId log, ClosedSegment segment)
{
    private readonly BlobName _plain = LogNames.Segment(log, segment.Id);
    private readonly BlobName _fixName = LogNames.Fix(log, segment.Id);

    /// <summary>Null: whole. Else Missing, Incomplete, Damaged or Unreadable.</summary>
    public async Task<FindingKind?> RunAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (status, length) = await HashPlainAsync(hash, segment.Bytes);
        if (status == BlobStatus.Ok && length == segment.Bytes && IsRight(hash))
        {
            return null;
        }

        if (status is not (BlobStatus.Ok or BlobStatus.NotFound))
        {
            return FindingKind.Unreadable;
        }

        var fix = await reading.GetAsync(store, _fixName);
        if (fix.IsOk && !fix.IsDamaged && FixCodec.TryRead(fix.Bytes.Span, out var from)
            && await IsFixedAsync(fix.Bytes, from))
        {
            return null;
        }

        if (fix.Status is not (BlobStatus.Ok or BlobStatus.NotFound))
        {
            return FindingKind.Unreadable;
        }

        return fix.Status != BlobStatus.NotFound ? FindingKind.Damaged
            : status == BlobStatus.NotFound ? FindingKind.Missing
            : length < segment.Bytes ? FindingKind.Incomplete : FindingKind.Damaged;
    }

    /// <summary>Of a copy that ends too early: whether what there is of it is right, by all of the bytes.</summary>
    public async Task<bool> IsPrefixAsync(ReadOnlyMemory<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (status, length) = await HashPlainAsync(hash, bytes.Length);
        return status == BlobStatus.Ok && Hash256.Of(bytes.Span[..(int)length]) == Finish(hash);
    }

    /// <summary>All bytes, from a store whose audit was good; null where that is not so any more.</summary>
    public async Task<byte[]?> ReadAsync()
    {
        var bytes = new byte[segment.Bytes];
        var read = await ReadPlainAsync(bytes, 0, bytes.Length);
        if (read == bytes.Length && Hash256.Of(bytes) == segment.Hash)
        {
            return bytes;
        }

        var fix = await reading.GetAsync(store, _fixName);
        if (!fix.IsOk || !FixCodec.TryRead(fix.Bytes.Span, out var from) || from > bytes.Length
            || fix.Bytes.Length - FixCodec.HeaderSize < bytes.Length - from)
        {
            return null;
        }

        fix.Bytes.Slice(FixCodec.HeaderSize, (int)(bytes.Length - from)).CopyTo(bytes.AsMemory((int)from));
        return Hash256.Of(bytes) == segment.Hash ? bytes : null;
    }

    /// <summary>Puts beside a bad copy what it lacks, or over a repair blob that does not do.</summary>
    public async Task<BlobOutcome> RepairAsync(ReadOnlyMemory<byte> bytes)
    {
        var from = await CommonPrefixAsync(bytes);
        var blob = FixCodec.Encode(from, bytes.Span[(int)from..]);
        var old = await reading.GetAsync(store, _fixName);
        var condition = old.IsOk ? PutCondition.IfMatch(old.ETag) : PutCondition.IfAbsent;
        return await reading.PutAsync(store, _fixName, blob, condition);
    }

    private async Task<bool> IsFixedAsync(ReadOnlyMemory<byte> fix, long from)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = fix[FixCodec.HeaderSize..];
        if (from > segment.Bytes || bytes.Length < segment.Bytes - from)
        {
            return false;
        }

        var (status, length) = from == 0 ? (BlobStatus.Ok, 0) : await HashPlainAsync(hash, from);
        hash.AppendData(bytes.Span[..(int)(segment.Bytes - from)]);
        return status == BlobStatus.Ok && length == from && IsRight(hash);
    }

    private async Task<(BlobStatus Status, long Length)> HashPlainAsync(IncrementalHash hash, long end)
    {
        var position = 0L;
        do
        {
            var wanted = (int)Math.Min(StoreReading.ChunkBytes, end - position);
            var chunk = await reading.GetRangeAsync(store, _plain, position, wanted);
            if (!chunk.IsOk)
            {
                return (chunk.Status, position);
            }

            hash.AppendData(chunk.Bytes.Span);
            position += chunk.Bytes.Length;
            if (chunk.Bytes.Length < wanted)
            {
                break;
            }
        }
        while (position < end);
        return (BlobStatus.Ok, position);
    }

    private async Task<int> ReadPlainAsync(byte[] bytes, int position, int end)
    {
        while (position < end)
        {
            var wanted = Math.Min(StoreReading.ChunkBytes, end - position);
            var chunk = await reading.GetRangeAsync(store, _plain, position, wanted);
            chunk.Bytes.CopyTo(bytes.AsMemory(position));
            position += chunk.Bytes.Length;
            if (chunk.Bytes.Length < wanted)
            {
                break;
            }
        }

        return position;
    }

    private async Task<long> CommonPrefixAsync(ReadOnlyMemory<byte> bytes)
    {
        var position = 0;
        while (position < bytes.Length)
        {
            var wanted = Math.Min(StoreReading.ChunkBytes, bytes.Length - position);
            var chunk = await reading.GetRangeAsync(store, _plain, position, wanted);
            var same = chunk.Bytes.Span.CommonPrefixLength(bytes.Span.Slice(position, wanted));
            position += same;
            if (same < wanted)
            {
                break;
            }
        }

        return position;
    }

    private bool IsRight(IncrementalHash hash) => Finish(hash) == segment.Hash;

    private static Hash256 Finish(IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        hash.GetHashAndReset(bytes);
        return Hash256.Read(bytes);
    }
}
