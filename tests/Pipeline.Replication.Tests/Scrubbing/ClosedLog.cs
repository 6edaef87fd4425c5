using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Registers;
using Pipeline.Replication.Stores;
using Pipeline.Storage.Blobs;
using Xunit;

namespace Pipeline.Replication.Tests.Scrubbing;

/// <summary>
/// A log as it lies on stores, without anyone who writes it: segment 0 in an index blob, 1 and 2 in the manifest,
/// 3 open. Segment 1's copy on the second store ends early and is continued by a repair blob.
/// </summary>
internal static class ClosedLog
{
    public static readonly LogId Log = new(1, 0);
    private const int Bytes = 3_000_000;

    public static SegmentId Segment(long number) => new(new Epoch(2), number);

    public static async Task WriteAsync(StoreSet set)
    {
        var closed = new List<ClosedSegment>();
        for (var number = 0; number < 3; number++)
        {
            closed.Add(await WriteSegmentAsync(set, number));
        }

        await CreateAsync(set, LogNames.Segment(Log, Segment(3)), new byte[10]);
        var index = LogManifestCodec.Encode(new SegmentIndex(null, [closed[0]]));
        var hash = Hash256.Of(index);
        foreach (var member in set.Members)
        {
            Assert.True((await member.Store.PutAsync(LogNames.Index(Log, hash), index, default, default)).IsOk);
        }

        var manifest = LogManifest.Initial(Log) with
        {
            Version = 9,
            Epoch = new Epoch(2),
            Closed = [closed[1], closed[2]],
            Index = new SegmentIndexLink(hash, 1, Bytes),
            Open = new OpenSegment(Segment(3), new LogOffset(3), 2, [.. set.Members.Select(member => member.Id)]),
            NextNumber = 4,
        };
        var born = await set.Registers.BearAsync(LogNames.Register(Log), LogManifestCodec.Encode(manifest), default);
        Assert.Equal(RegisterStatus.Chosen, born.Status);
        await HoldEverywhereAsync(set, LogNames.Register(Log));
    }

    /// <summary>
    /// A birth ends with a majority: a test that then takes one store away needs the third, which a read mends.
    /// </summary>
    private static async Task HoldEverywhereAsync(StoreSet set, BlobName name)
    {
        for (var tries = 0; ; tries++)
        {
            var held = 0;
            foreach (var member in set.Members)
            {
                held += (await member.Store.GetAsync(name, default)).IsOk ? 1 : 0;
            }

            if (held == set.Members.Count)
            {
                return;
            }

            Assert.True(tries < 100, $"{name} lies on {held} stores");
            await set.Registers.Open(name).ReadAsync(default);
            await Task.Delay(50);
        }
    }

    private static async Task<ClosedSegment> WriteSegmentAsync(StoreSet set, long number)
    {
        var bytes = new byte[Bytes];
        new Random((int)number).NextBytes(bytes);
        for (var i = 0; i < set.Members.Count; i++)
        {
            var store = set.Members[i].Store;
            var isShort = number == 1 && i == 1;
            await CreateAsync(store, LogNames.Segment(Log, Segment(number)), isShort ? bytes[..1000] : bytes);
            if (isShort)
            {
                var fix = FixCodec.Encode(700, bytes.AsSpan(700));
                Assert.True((await store.PutAsync(LogNames.Fix(Log, Segment(number)), fix, default, default)).IsOk);
            }
        }

        return new ClosedSegment
        {
            Id = Segment(number),
            First = new LogOffset(number),
            End = new LogOffset(number + 1),
            Bytes = Bytes,
            Frames = 1,
            FirstTime = 1,
            LastTime = 1,
            Hash = Hash256.Of(bytes),
            Stores = [.. set.Members.Select(member => member.Id)],
        };
    }

    private static async Task CreateAsync(StoreSet set, BlobName name, byte[] bytes)
    {
        foreach (var member in set.Members)
        {
            await CreateAsync(member.Store, name, bytes);
        }
    }

    private static async Task CreateAsync(IBlobStore store, BlobName name, byte[] bytes)
    {
        Assert.True((await store.CreateAppendBlobAsync(name, default)).IsOk);
        Assert.True((await store.AppendAsync(name, 0, [bytes], default)).IsOk);
    }
}
