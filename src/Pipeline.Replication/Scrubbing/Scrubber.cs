using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Stores;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Scrubbing;

/// <summary>
/// Looks for damage again and again, slowly, and repairs it from the other stores; fills a store that rejoins. Lives
/// on a loop of its own: hashing segments takes time.
/// </summary>
public sealed class Scrubber : IStoreFiller, IDisposable
{
    private readonly StoreSet _stores;
    private readonly INamedLogs _named;
    private readonly ILoop _loop;
    private readonly ScrubOptions _options;
    private readonly Action<VerifyReport>? _told;
    private readonly CancellationTokenSource _stopping = new();
    private bool _isDisposed;

    /// <param name="stores">The stores to look at.</param>
    /// <param name="named">Which logs there are.</param>
    /// <param name="loop">Where it runs.</param>
    /// <param name="options">How fast.</param>
    /// <param name="told">Told, on the loop, what each round and each filling found.</param>
    public Scrubber(
        StoreSet stores,
        INamedLogs named,
        ILoop loop,
        ScrubOptions? options = null,
        Action<VerifyReport>? told = null)
    {
        _told = told;
        (_stores, _named) = (stores, named);
        _loop = loop;
        _options = options ?? new ScrubOptions();
    }

    /// <summary>What the last whole round found; null before its end. May be read from any thread.</summary>
    public VerifyReport? LastReport { get; private set; }

    /// <summary>Begins to scrub, until it is disposed of. May be called from any thread.</summary>
    public void Start() => _loop.Post(static scrubber => ((Scrubber)scrubber!).Begin(), this);

    /// <summary>One round, now, as fast as it goes. Called on its loop.</summary>
    public ValueTask<VerifyReport> RunOnceAsync() => new(RoundAsync(0));

    /// <inheritdoc/>
    public ValueTask<string?> NeedsAsync(StoreId former) => new(_loop.CallAsync(() => new LastCopies(
        _stores.Registers,
        _named,
        [.. _stores.Members.Where(member => member.Id != former)],
        new StoreReading(_loop.Time, _options.RequestTimeout)).DescribeAsync()));

    /// <inheritdoc/>
    public ValueTask<string?> FillAsync(IBlobStore target, CancellationToken cancellationToken) =>
        new(_loop.CallAsync(() => FillOnLoopAsync(target)));

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private void Begin()
    {
        if (!_isDisposed)
        {
            _loop.Repeat("scrub", RepairAsync, _stopping.Token);
        }
    }

    /// <summary>One round; gives how long to rest.</summary>
    private async Task<TimeSpan> RepairAsync()
    {
        var started = _loop.Time.GetTimestamp();
        LastReport = await RoundAsync(_options.BytesPerSecond);
        var took = _loop.Time.GetElapsedTime(started);
        return took > _options.Interval ? took : _options.Interval;
    }

    private async Task<VerifyReport> RoundAsync(long bytesPerSecond)
    {
        var reading = new StoreReading(_loop.Time, _options.RequestTimeout, bytesPerSecond);
        var repair = new StoreRepair(reading, _stores.Registers);
        var members = _stores.Members;
        var scan = new StoreScan(members, members, _stores.Quorum, _named, Votes, reading, repair);
        var report = await scan.RunAsync();
        _told?.Invoke(report);
        return report;
    }

    private bool Votes(StoreId store) => _stores.Members.Any(member => member.Id == store);

    private async Task<string?> FillOnLoopAsync(IBlobStore target)
    {
        var reading = new StoreReading(_loop.Time, _options.RequestTimeout);
        var sources = _stores.Members.Where(member => member.Slot != target.Name).ToArray();
        var member = new StoreMember(target.Name, target.Id, target);
        var repair = new StoreRepair(reading, null);
        var scan = new StoreScan(sources, [member], _stores.Quorum, _named, Votes, reading, repair);
        var report = await scan.RunAsync();
        _told?.Invoke(report);
        var left = report.Findings.FirstOrDefault(found => found.IsDamage && found.Store == target.Name);
        return left?.ToString();
    }
}
