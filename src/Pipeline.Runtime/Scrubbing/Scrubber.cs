using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Stores;
using Pipeline.Storage.Blobs;

namespace Pipeline.Runtime.Scrubbing;

/// <summary>
/// Looks for damage again and again, slowly, and repairs it from the other stores; fills a store that rejoins. Lives
/// on a loop of its own: hashing segments takes time.
/// </summary>
public sealed class Scrubber : IStoreFiller, IDisposable
{
    private readonly StoreSet _stores;
    private readonly ILoop _loop;
    private readonly ScrubOptions _options;
    private readonly Action<VerifyReport>? _told;
    private readonly CancellationTokenSource _stopping = new();
    private bool _isDisposed;

    /// <param name="stores">The stores to look at.</param>
    /// <param name="loop">Where it runs.</param>
    /// <param name="options">How fast.</param>
    /// <param name="told">Told, on the loop, what each round and each filling found.</param>
    public Scrubber(
        StoreSet stores, ILoop loop, ScrubOptions? options = null, Action<VerifyReport>? told = null)
    {
        _told = told;
        _stores = stores;
        _loop = loop;
        _options = options ?? new ScrubOptions();
    }

    /// <summary>What the last whole round found; null before its end. May be read from any thread.</summary>
    public VerifyReport? LastReport { get; private set; }

    /// <summary>Begins to scrub, until it is disposed of. May be called from any thread.</summary>
    public void Start() => _loop.Post(static scrubber => _ = ((Scrubber)scrubber!).RunAsync(), this);

    /// <summary>One round, now, as fast as it goes. Called on its loop.</summary>
    public ValueTask<VerifyReport> RunOnceAsync() => new(RoundAsync(0));

    /// <inheritdoc/>
    public ValueTask<string?> FillAsync(IBlobStore target, CancellationToken cancellationToken)
    {
        var filled = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(static state => _ = ((Filling)state!).RunAsync(), new Filling(this, target, filled));
        return new ValueTask<string?>(filled.Task);
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private async Task RunAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        var stopping = _stopping.Token;
        while (!stopping.IsCancellationRequested)
        {
            var started = _loop.Time.GetTimestamp();
            LastReport = await RoundAsync(_options.BytesPerSecond);
            var took = _loop.Time.GetElapsedTime(started);
            await _loop.Time.PauseAsync(took > _options.Interval ? took : _options.Interval, stopping);
        }
    }

    private async Task<VerifyReport> RoundAsync(long bytesPerSecond)
    {
        var reading = new StoreReading(_loop.Time, _options.RequestTimeout, bytesPerSecond);
        var repair = new StoreRepair(reading, _stores.Registers);
        var members = _stores.Members;
        var report = await new StoreScan(members, members, _stores.Quorum, reading, repair).RunAsync();
        _told?.Invoke(report);
        return report;
    }

    private sealed class Filling(Scrubber scrubber, IBlobStore target, TaskCompletionSource<string?> filled)
    {
        public async Task RunAsync()
        {
            try
            {
                var reading = new StoreReading(scrubber._loop.Time, scrubber._options.RequestTimeout);
                var sources = scrubber._stores.Members.Where(member => member.Slot != target.Name).ToArray();
                var member = new StoreMember(target.Name, target.Id, target);
                var repair = new StoreRepair(reading, null);
                var scan = new StoreScan(sources, [member], scrubber._stores.Quorum, reading, repair);
                var report = await scan.RunAsync();
                scrubber._told?.Invoke(report);
                var left = report.Findings.FirstOrDefault(found => found.IsDamage && found.Store == target.Name);
                filled.SetResult(left?.ToString());
            }
            catch (Exception failed)
            {
                filled.SetException(failed);
            }
        }
    }
}
