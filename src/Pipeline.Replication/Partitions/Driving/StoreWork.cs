using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Partitions.Segments;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Partitions.Driving;

/// <summary>Carries out what a log asks of its stores beside appending: each piece ends in an input.</summary>
internal sealed class StoreWork(LogId log, IStoreSet stores, PartitionOptions options, TimeProvider time)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly SegmentReading _reading = new(log, options, time);
    private bool _hasEnded;

    public async ValueTask<StoreReply> CreateAsync(LogEffect effect)
    {
        if (stores.Find(effect.Store) is not { } store)
        {
            return StoreReply.StoreLost;
        }

        var blob = LogNames.Segment(log, effect.Segment);
        return await WithinAsync(token => store.CreateAppendBlobAsync(blob, token));
    }

    public async ValueTask<(StoreReply Status, SegmentCopy Copy)> SealAndReadAsync(LogEffect effect)
    {
        if (stores.Find(effect.Store) is not { } store)
        {
            return (StoreReply.StoreLost, default);
        }

        try
        {
            return await _reading.SealAndScanAsync(store, effect.Segment);
        }
        catch (OperationCanceledException)
        {
            return (StoreReply.Unavailable, default);
        }
    }

    public async ValueTask<SegmentReading.Reading> LoadAsync(StoreId id, SegmentId segment, long length)
    {
        if (stores.Find(id) is not { } store)
        {
            return new SegmentReading.Reading(StoreReply.StoreLost, 0);
        }

        try
        {
            return await _reading.ReplayAsync(store, segment, length);
        }
        catch (OperationCanceledException)
        {
            return new SegmentReading.Reading(StoreReply.Unavailable, 0);
        }
        catch (InvalidDataException)
        {
            return new SegmentReading.Reading(StoreReply.Foreign, 0);
        }
    }

    /// <summary>Reads a closed segment from any store whose copy has the manifest's hash.</summary>
    public async ValueTask<SegmentReading.Reading> LoadClosedAsync(ClosedSegment closed)
    {
        foreach (var member in stores.Members)
        {
            var reading = await LoadAsync(member.Id, closed.Id, closed.Bytes);
            if (reading.Status == StoreReply.Ok && reading.Hash == closed.Hash)
            {
                return reading;
            }
        }

        return new SegmentReading.Reading(StoreReply.Unavailable, 0);
    }

    /// <summary>Writes the bytes that a store lacks beside its sealed copy; a blob that covers them stays.</summary>
    public async ValueTask<StoreReply> FixAsync(LogEffect effect)
    {
        if (stores.Find(effect.Store) is not { } store || stores.Find(effect.Source) is not { } source)
        {
            return StoreReply.StoreLost;
        }

        return await WithinAsync(async token =>
        {
            var name = LogNames.Fix(log, effect.Segment);
            var present = await store.GetAsync(name, token);
            if (present.IsOk && Covers(present.Bytes.Span, effect))
            {
                return new BlobOutcome(BlobStatus.Ok);
            }

            var stream = new SegmentStream(log, effect.Segment, source);
            var length = (int)(effect.Length - effect.Position);
            var bytes = await stream.ReadAsync(effect.Position, length, token);
            if (!bytes.IsOk || bytes.Bytes.Length < length || !AreFrames(bytes.Bytes.Span, effect.Segment))
            {
                return new BlobOutcome(BlobStatus.Unavailable);
            }

            var condition = present.IsOk ? PutCondition.IfMatch(present.ETag) : PutCondition.IfAbsent;
            return await store.PutAsync(name, FixCodec.Encode(effect.Position, bytes.Bytes.Span), condition, token);
        });
    }

    /// <summary>The log is not this one's any more: nothing is tried again.</summary>
    public void Stop() => _hasEnded = true;

    /// <summary>Puts an index blob on a majority; tries until it is there. False: until <see cref="Stop"/>.</summary>
    public async ValueTask<bool> StoreIndexAsync(SegmentIndex index, SegmentIndexLink link)
    {
        var blob = LogManifestCodec.Encode(index);
        var name = LogNames.Index(log, link.Hash);
        while (!_hasEnded)
        {
            var stored = 0;
            foreach (var member in stores.Members.TakeWhile(_ => !_hasEnded))
            {
                var reply = await WithinAsync(token => member.Store.PutAsync(name, blob, PutCondition.IfAbsent, token));
                stored += reply is StoreReply.Ok or StoreReply.Conflict ? 1 : 0;
            }

            if (stored >= stores.Quorum)
            {
                return true;
            }

            await Task.Delay(RetryInterval, time);
        }

        return false;
    }

    /// <summary>Deletes the blobs of all segments with a lower number, on every store that answers.</summary>
    public async ValueTask DeleteBelowAsync(long number)
    {
        foreach (var member in stores.Members)
        {
            await WithinAsync(async token =>
            {
                var listing = await member.Store.ListAsync(LogNames.Prefix(log), token);
                foreach (var item in listing.IsOk ? listing.Items : [])
                {
                    if (LogNames.TryParseSegment(log, item.Name, out var segment) && segment.Number < number)
                    {
                        await member.Store.DeleteAsync(item.Name, token);
                    }
                }

                return new BlobOutcome(listing.Status);
            });
        }
    }

    /// <summary>Deletes a chain of index blobs, newest first, on every store that answers.</summary>
    public async ValueTask DeleteIndexAsync(SegmentIndexLink newest)
    {
        foreach (var member in stores.Members)
        {
            await WithinAsync(async token =>
            {
                for (var link = newest; link is not null;)
                {
                    var name = LogNames.Index(log, link.Hash);
                    var blob = await member.Store.GetAsync(name, token);
                    await member.Store.DeleteAsync(name, token);
                    link = blob.IsOk && Hash256.Of(blob.Bytes.Span) == link.Hash
                        ? LogManifestCodec.DecodeIndex(blob.Bytes.Span).Older
                        : null;
                }

                return new BlobOutcome(BlobStatus.Ok);
            });
        }
    }

    /// <summary>Whether the bytes are whole, good frames of a segment: what is copied is checked.</summary>
    private bool AreFrames(ReadOnlySpan<byte> bytes, SegmentId segment)
    {
        while (FrameCodec.TryReadFrame(bytes, out var header, out _)
            && header.Log == log && header.Segment == segment)
        {
            bytes = bytes[header.Size..];
        }

        return bytes.IsEmpty;
    }

    private static bool Covers(ReadOnlySpan<byte> blob, in LogEffect effect) =>
        FixCodec.TryRead(blob, out var from)
        && from <= effect.Position && from + blob.Length - FixCodec.HeaderSize >= effect.Length;

    private async ValueTask<StoreReply> WithinAsync(Func<CancellationToken, ValueTask<BlobOutcome>> request)
    {
        using var source = new CancellationTokenSource(options.StoreTimeout, time);
        try
        {
            return (await request(source.Token)).Status.ToReply();
        }
        catch (OperationCanceledException)
        {
            return StoreReply.Unavailable;
        }
    }
}
