using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Registers;
using Pipeline.Replication.Scrubbing;
using Pipeline.Replication.Stores;
using Pipeline.Runtime.Catalog;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Replicas;
using Pipeline.TestKit.Stores;
using Xunit;

namespace Pipeline.Replication.Tests.Scrubbing;

public sealed class ScrubberTests : IAsyncLifetime
{
    private static readonly BlobName Snapshot = new("stages/7/hot/0/1-1-0");
    private readonly DirectoryStores _stores = new();
    private StoreSet _set = null!;

    public async ValueTask InitializeAsync()
    {
        _set = await _stores.OpenAsync();
        await _stores.OnLoopAsync(async () =>
        {
            await ClosedLog.WriteAsync(_set);
            foreach (var member in _set.Members)
            {
                await member.Store.PutAsync(Snapshot, new byte[100], PutCondition.IfAbsent, default);
            }

            return true;
        });
        await DirectoryStores.AllUpAsync(_set);
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Whole_stores_are_identical()
    {
        var report = await VerifyAsync();

        Assert.Empty(report.Findings);
        Assert.True(report.IsIdentical);
        Assert.Equal((3, 1, 1), (report.ClosedSegments, report.Logs, report.OpenSegments));
        Assert.Equal(9_000_000, report.ClosedBytes);
        Assert.Equal(["1", "2", "3"], report.Stores);
    }

    [Theory]
    [InlineData("logs/1/0/2-0=log", 0)]
    [InlineData("logs/1/0/2-0=log", 1_500_000)]
    [InlineData("logs/1/0/2-0=log", -1)]
    [InlineData("logs/1/0/2-1=log", 5)]
    [InlineData("logs/1/0/2-1.fix=put", 40)]
    [InlineData("logs/1/0/2-1.fix=put", -1)]
    [InlineData("logs/1/0/index", 30)]
    [InlineData("registers/logs/1/0=put", 30)]
    [InlineData("registers/stores=put", 30)]
    [InlineData("stages/7/hot/0/1-1-0=put", 30)]
    public async Task A_flipped_byte_is_found_and_repaired(string file, int position)
    {
        var path = Find(1, file);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[position < 0 ? bytes.Length + position : position] ^= 0x10;
        await File.WriteAllBytesAsync(path, bytes);

        await AssertFoundThenRepairedAsync();
    }

    [Theory]
    [InlineData("logs/1/0/2-0=log")]
    [InlineData("logs/1/0/2-1=log")]
    [InlineData("logs/1/0/2-1.fix=put")]
    [InlineData("logs/1/0/index")]
    [InlineData("registers/logs/1/0=put")]
    [InlineData("registers/stores=put")]
    [InlineData("stages/7/hot/0/1-1-0=put")]
    public async Task A_missing_blob_is_found_and_put_back(string file)
    {
        File.Delete(Find(1, file));

        await AssertFoundThenRepairedAsync();
    }

    /// <summary>A store that was slow has such; one that changed bytes before the end is worse.</summary>
    [Theory]
    [InlineData(-1, FindingKind.Incomplete)]
    [InlineData(12344, FindingKind.Damaged)]
    public async Task A_shortened_segment_is_found_and_repaired(int flipped, FindingKind expected)
    {
        var path = Find(2, "logs/1/0/2-2=log");
        var bytes = (await File.ReadAllBytesAsync(path))[..12345];
        if (flipped >= 0)
        {
            bytes[flipped] ^= 1;
        }

        await File.WriteAllBytesAsync(path, bytes);
        Assert.Equal(expected, Assert.Single((await VerifyAsync()).Findings).Kind);

        await AssertFoundThenRepairedAsync();
    }

    [Fact]
    public async Task Damage_on_two_stores_is_repaired_from_the_third()
    {
        await File.WriteAllBytesAsync(Find(0, "logs/1/0/2-2=log"), new byte[500]);
        File.Delete(Find(1, "logs/1/0/2-2=log"));

        await AssertFoundThenRepairedAsync();
    }

    [Fact]
    public async Task Damage_on_all_stores_is_reported_and_left_alone()
    {
        for (var slot = 0; slot < 3; slot++)
        {
            await File.WriteAllBytesAsync(Find(slot, "logs/1/0/2-2=log"), new byte[500]);
        }

        var report = await RepairAsync();

        Assert.Contains(report.Findings, finding => finding.Kind == FindingKind.Lost
            && finding.Blob == LogNames.Segment(ClosedLog.Log, ClosedLog.Segment(2)));
        Assert.False((await VerifyAsync()).IsIdentical);
        Assert.False(File.Exists(Path.Combine(Incarnation(0), "logs/1/0/2-2.fix=put")));
    }

    [Fact]
    public async Task Segments_that_nothing_names_any_more_are_deleted_and_no_others()
    {
        var orphan = LogNames.Segment(ClosedLog.Log, new SegmentId(new Epoch(1), 2));
        var coming = LogNames.Segment(ClosedLog.Log, new SegmentId(new Epoch(2), 4));
        await _set.Members[0].Store.CreateAppendBlobAsync(orphan, default);
        await _set.Members[0].Store.CreateAppendBlobAsync(coming, default);

        Assert.True((await VerifyAsync()).IsIdentical);
        await RepairAsync();

        Assert.Equal(BlobStatus.NotFound, (await _set.Members[0].Store.GetAsync(orphan, default)).Status);
        Assert.Equal(BlobStatus.Ok, (await _set.Members[0].Store.GetAsync(coming, default)).Status);
    }

    [Fact]
    public async Task A_log_that_the_catalog_does_not_name_is_no_damage_and_is_not_brought_back()
    {
        await NameAsync(new CatalogState { Id = "1", NextStream = ClosedLog.Log.Stream + 1 });
        var register = Find(0, "registers/logs/1/0=put");
        File.Delete(register);
        File.Delete(Find(2, "registers/logs/1/0=put"));

        var report = await RepairAsync();

        Assert.True(report.IsIdentical, string.Join('\n', report.Findings));
        Assert.Contains(report.Findings, static finding => finding.Kind == FindingKind.Orphan
            && finding.Blob == LogNames.Register(ClosedLog.Log));
        Assert.False(File.Exists(register));
        Assert.True((await VerifyAsync()).IsIdentical);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_log_that_the_catalog_names_or_does_not_know_yet_is_repaired(bool isNamed)
    {
        var state = new CatalogState { Id = "1" };
        await NameAsync(!isNamed ? state : state with
        {
            NextStream = ClosedLog.Log.Stream + 1,
            Streams = [new CatalogStream(ClosedLog.Log.Stream, Definition())],
        });
        File.Delete(Find(1, "registers/logs/1/0=put"));

        await AssertFoundThenRepairedAsync();
    }

    [Fact]
    public async Task A_store_that_an_open_segment_needs_for_its_majority_is_not_replaced()
    {
        var log = new LogId(7, 0);
        await NameAsync(new CatalogState
        {
            Id = "1",
            NextStream = 8,
            Streams = [new CatalogStream(log.Stream, Definition())],
        });
        await BearAsync(log, [_set.Members[1].Id, _set.Members[2].Id]);
        using var scrubber = new Scrubber(_set, new CatalogLogs(), _stores.Loop);

        Assert.Null(await scrubber.NeedsAsync(_set.Members[0].Id));
        var told = await scrubber.NeedsAsync(_set.Members[1].Id);
        Assert.Equal(
            "it waits for its former contents: without them too few stores have the newest events of readings/0; "
                + "put them back",
            told);
    }

    [Fact]
    public async Task An_open_segment_whose_stores_are_not_there_any_more_is_lost()
    {
        var log = new LogId(7, 0);
        await BearAsync(log, [_set.Members[1].Id, new StoreId(12345)]);

        var report = await VerifyAsync();

        Assert.False(report.IsIdentical);
        Assert.Contains(report.Findings, finding => finding.Kind == FindingKind.Lost
            && finding.Blob == LogNames.Segment(log, new SegmentId(new Epoch(1), 0)));
    }

    [Fact]
    public async Task A_deleted_store_is_filled_before_it_votes_again()
    {
        using var scrubber = new Scrubber(_set, new CatalogLogs(), _stores.Loop);
        _set.Filler = scrubber;
        var former = _set.Members[1].Id;

        _stores.Delete(1);
        await Eventually.TrueAsync(() => _set.Members[1].Id != former, () => string.Join('\n', _set.Status));

        var segment = LogNames.Fix(ClosedLog.Log, ClosedLog.Segment(0));
        Assert.Equal(BlobStatus.Ok, (await _set.Members[1].Store.GetAsync(segment, default)).Status);
        await DirectoryStores.AllUpAsync(_set);
        Assert.Empty((await VerifyAsync()).Findings);
    }

    [Fact]
    public async Task Repairing_the_stores_alone_brings_back_a_deleted_one()
    {
        _set.Dispose();
        _stores.Delete(2);
        Assert.Contains((await VerifyAsync()).Findings, finding => finding.Kind == FindingKind.StoreLost);

        var slots = Enumerable.Range(0, 3).Select(_stores.NewSlot).ToArray();
        var report = await _stores.OnLoopAsync(async () =>
            await StoreRestoration.RunAsync(slots, new CatalogLogs(), _stores.Loop, new Random(77)));

        Assert.True(report.IsIdentical, string.Join('\n', report.Findings));
        Assert.Empty((await VerifyAsync()).Findings);
    }

    [Fact]
    public async Task Without_a_majority_verify_says_so()
    {
        _set.Dispose();
        _stores.Delete(0);
        _stores.Delete(2);

        var report = await VerifyAsync();

        Assert.False(report.IsIdentical);
        Assert.Contains(report.Findings, finding => finding.Kind == FindingKind.Lost);
        Assert.Equal(2, report.Findings.Count(finding => finding.Kind == FindingKind.StoreLost));
    }

    [Fact]
    public async Task Scrubbing_in_the_background_repairs_by_itself()
    {
        using var scrubber = new Scrubber(
            _set,
            new CatalogLogs(),
            _stores.Loop,
            new ScrubOptions { Interval = TimeSpan.FromMilliseconds(50), BytesPerSecond = 1 << 30 });
        scrubber.Start();
        File.Delete(Find(0, "logs/1/0/2-2=log"));

        await Eventually.TrueAsync(
            () => File.Exists(Path.Combine(Incarnation(0), "logs/1/0/2-2.fix=put")), () => $"{scrubber.LastReport}");
    }

    private static StreamDefinition Definition() =>
        new() { Name = new StreamName("readings"), Pipeline = "site", Partitions = 1 };

    private async Task NameAsync(CatalogState catalog)
    {
        var born = await _stores.OnLoopAsync(() =>
            _set.Registers.BearAsync(CatalogRegister.Name, CatalogCodec.Write(catalog), default));
        Assert.Equal(RegisterStatus.Chosen, born.Status);
        await Eventually.TrueAsync(
            () => Enumerable.Range(0, 3).All(slot =>
                Directory.GetFiles(Path.Combine(Incarnation(slot), "registers"), "catalog=put*").Length > 0),
            static () => "the third store's copy did not come");
    }

    private async Task BearAsync(LogId log, IReadOnlyList<StoreId> openOn)
    {
        var manifest = LogManifest.Initial(log) with
        {
            Epoch = new Epoch(1),
            Open = new OpenSegment(new SegmentId(new Epoch(1), 0), default, 2, openOn),
        };
        var born = await _stores.OnLoopAsync(() =>
            _set.Registers.BearAsync(LogNames.Register(log), LogManifestCodec.Encode(manifest), default));
        Assert.Equal(RegisterStatus.Chosen, born.Status);
    }

    private async Task AssertFoundThenRepairedAsync()
    {
        var before = await VerifyAsync();
        Assert.False(before.IsIdentical, "not found");
        var repair = await RepairAsync();
        Assert.True(repair.IsIdentical, string.Join('\n', repair.Findings));
        var after = await VerifyAsync();
        Assert.True(after.IsIdentical, string.Join('\n', after.Findings));
    }

    private async Task<VerifyReport> VerifyAsync()
    {
        var slots = Enumerable.Range(0, 3).Select(_stores.NewSlot).ToArray();
        var report = await StoreVerification.RunAsync(slots, new CatalogLogs(), TimeProvider.System);
        Array.ForEach(slots, slot => slot.Dispose());
        return report;
    }

    private Task<VerifyReport> RepairAsync()
    {
        var scrubber = new Scrubber(_set, new CatalogLogs(), _stores.Loop);
        return _stores.OnLoopAsync(async () =>
        {
            using (scrubber)
            {
                return await scrubber.RunOnceAsync();
            }
        });
    }

    private string Incarnation(int slot) => Path.Combine(_stores.Root(slot), _set.Members[slot].Id.ToString());

    private string Find(int slot, string file)
    {
        var path = Path.Combine(Incarnation(slot), file);
        return File.Exists(path) ? path : Directory.GetFiles(
            Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*").Single();
    }
}
