using System.Text.Json.Nodes;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Logs;

/// <summary>
/// What lies of every log on the stores themselves, whatever a manifest or a service says of it. A frame counts as
/// committed where a majority of the stores holds it.
/// </summary>
public sealed class LogEvidence
{
    private readonly List<SegmentOnStore> _copies;
    private readonly int _quorum;

    /// <param name="copies">Every segment of every store.</param>
    /// <param name="stores">How many stores there are, lost ones included.</param>
    public LogEvidence(IEnumerable<SegmentOnStore> copies, int stores) =>
        (_copies, _quorum) = ([.. copies], (stores / 2) + 1);

    public IReadOnlyList<SegmentOnStore> Copies => _copies;

    /// <summary>The numbers of the streams that have events.</summary>
    public IReadOnlyList<long> Streams => [.. _copies
        .Where(static copy => copy.Frames.Any(static frame => frame.Header.Count > 0))
        .Select(static copy => copy.Log.Stream).Distinct().Order()];

    /// <summary>The logs, and the highest epoch that any store knows of each.</summary>
    public IReadOnlyDictionary<LogId, Epoch> Epochs => _copies.GroupBy(static copy => copy.Log)
        .ToDictionary(static log => log.Key, static log => log.Max(static copy => copy.Id.Epoch));

    /// <summary>Reads every store that is there; processes may go on writing meanwhile.</summary>
    public static async Task<LogEvidence> ReadAsync(IReadOnlyList<IStoreSlot> slots)
    {
        var copies = new List<SegmentOnStore>();
        foreach (var slot in slots)
        {
            if (await slot.ProbeAsync(default) is { Condition: StoreCondition.Formatted } probe)
            {
                copies.AddRange(await ReadAsync(slot.Open(probe.Id)));
            }
        }

        return new LogEvidence(copies, slots.Count);
    }

    /// <summary>
    /// Never two committing owners: each offset is committed once, epochs only rise, and whatever an owner called
    /// committed was committed by itself or one before it.
    /// </summary>
    public void HasOneOwnerAtATime()
    {
        Assert.NotEmpty(_copies);
        foreach (var log in _copies.GroupBy(static copy => copy.Log))
        {
            var committed = Committed(log);
            var next = LogOffset.Zero;
            var number = -1L;
            foreach (var frame in committed)
            {
                var (header, segment) = (frame.Header, frame.Header.Segment);
                Assert.True(header.First == next,
                    $"{log.Key}: {segment} commits {header.First} where {next} comes next");
                Assert.True(segment.Number >= number, $"{log.Key}: {segment} comes after number {number}");
                (next, number) = (header.End, segment.Number);
            }

            foreach (var claim in log.SelectMany(static copy => copy.Frames))
            {
                var epoch = claim.Header.Segment.Epoch;
                var end = committed.LastOrDefault(frame => frame.Header.Segment.Epoch.CompareTo(epoch) <= 0);
                Assert.True(
                    claim.Header.Commit <= (end?.Header.End ?? LogOffset.Zero),
                    $"{log.Key}: epoch {epoch} calls {claim.Header.Commit} committed, it is only to {end?.Header.End}");
            }
        }
    }

    /// <summary>
    /// No segment of an epoch that was over <paramref name="before"/> has a frame that no store had then.
    /// </summary>
    public void HasNothingNewIn(LogEvidence before)
    {
        var epochs = before.Epochs;
        var known = before._copies.SelectMany(static copy => copy.Frames)
            .Select(static frame => frame.Chain).ToHashSet();
        var added = _copies.Where(copy => copy.Id.Epoch.CompareTo(epochs[copy.Log]) < 0)
            .SelectMany(static copy => copy.Frames.Select(frame => (copy.Store, copy.Log, frame.Header, frame.Chain)))
            .Where(frame => !known.Contains(frame.Chain)).ToList();
        Assert.True(added.Count == 0, string.Join('\n', added.Take(5)));
    }

    /// <summary>The values of all committed events of a stream, log by log, in order.</summary>
    public IEnumerable<JsonNode> Events(long stream) => _copies.Where(copy => copy.Log.Stream == stream)
        .GroupBy(static copy => copy.Log).SelectMany(Committed).SelectMany(static frame => Values(frame.Payload.Span));

    /// <summary>The frames with events that a majority holds, epoch by epoch.</summary>
    private List<StoredFrame> Committed(IEnumerable<SegmentOnStore> copies) =>
    [
        .. copies.SelectMany(static copy => copy.Frames.Where(static frame => frame.Header.Count > 0)
                .Select(frame => (copy.Store, Frame: frame)))
            .GroupBy(static held => held.Frame.Chain)
            .Where(held => held.DistinctBy(static copy => copy.Store).Count() >= _quorum)
            .Select(static held => held.First().Frame)
            .OrderBy(static frame => frame.Header.Segment.Epoch)
            .ThenBy(static frame => frame.Header.Segment.Number)
            .ThenBy(static frame => frame.Header.First),
    ];

    private static async Task<List<SegmentOnStore>> ReadAsync(IBlobStore store)
    {
        var copies = new List<SegmentOnStore>();
        var listing = await store.ListAsync("logs/", default);
        Assert.True(listing.IsOk, listing.Detail);
        var segments = listing.Items.Select(static item => Parse(item.Name)).OfType<(LogId Log, SegmentId Id)>();
        foreach (var (log, id) in segments.Distinct())
        {
            var plain = await store.GetAsync(LogNames.Segment(log, id), default);
            var fix = await store.GetAsync(LogNames.Fix(log, id), default);
            Assert.All([plain, fix], read => Assert.True(
                read.IsOk || read.Status == BlobStatus.NotFound, $"{store.Name}, {log}: {read.Status} {read.Detail}"));
            copies.Add(SegmentOnStore.Read(
                store.Name, log, id, plain.IsOk ? plain.Bytes : default, fix.IsOk ? fix.Bytes : null));
        }

        return copies;
    }

    private static (LogId Log, SegmentId Id)? Parse(BlobName name)
    {
        var parts = name.Value.Split('/');
        return parts.Length == 4 && long.TryParse(parts[1], out var stream) && int.TryParse(parts[2], out var partition)
            && LogNames.TryParseSegment(new LogId(stream, partition), name, out var segment)
            ? (new LogId(stream, partition), segment)
            : null;
    }

    private static List<JsonNode> Values(ReadOnlySpan<byte> payload)
    {
        var values = new List<JsonNode>();
        while (!payload.IsEmpty)
        {
            Assert.True(PartCodec.TryRead(payload, out var part, out var size), "a part that cannot be read");
            var body = part.Body;
            for (var i = 0; i < part.Header.Count; i++)
            {
                Assert.True(RecordCodec.TryRead(body, out var record, out var length), "a record that cannot be read");
                values.Add(JsonNode.Parse(record.Value)!);
                body = body[length..];
            }

            payload = payload[size..];
        }

        return values;
    }
}
