namespace Pipeline.Grains.Keeping;

/// <summary>
/// Tells fronts of a newer catalog: one that knows the newest waits for the next, so that it hears of a change at once
/// and costs nothing while there is none. Lives on the keeper's scheduler.
/// </summary>
/// <param name="time">Measures how long fronts wait.</param>
internal sealed class CatalogFeed(TimeProvider time)
{
    /// <summary>The longest that a front waits in one call.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>A front that has not asked for so long is gone.</summary>
    private static readonly TimeSpan Gone = LongestWait + TimeSpan.FromSeconds(2);

    private readonly Dictionary<Guid, (long Known, long Asked)> _fronts = [];
    private TaskCompletionSource _changed = NewSource();
    private TaskCompletionSource _asked = NewSource();
    private long _version = -1;
    private byte[] _news = [];

    /// <summary>The keeper's catalog, now; encoded anew only where it is another one.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="encode">What there is to say of it.</param>
    public void Publish(long version, Func<CatalogNews> encode)
    {
        if (version != _version)
        {
            _news = encode().ToJson();
            _version = version;
            Wake(ref _changed);
        }
    }

    /// <summary>Nobody keeps here any more: who waits asks elsewhere.</summary>
    public void End() => Wake(ref _changed);

    /// <summary>
    /// What is newer than what a front knows, waiting for it for a while; something has been published.
    /// </summary>
    public async Task<byte[]> AskAsync(Guid front, long known, TimeSpan wait)
    {
        _fronts[front] = (known, time.GetTimestamp());
        Wake(ref _asked);
        if (known >= _version && wait > TimeSpan.Zero)
        {
            await WithinAsync(_changed.Task, wait < LongestWait ? wait : LongestWait);
        }

        return known < _version ? _news : new CatalogNews(_version, null, []).ToJson();
    }

    /// <summary>Waits until every front that asks knows a version; for a while, since one may hang.</summary>
    public async Task AreToldAsync(long version, TimeSpan patience)
    {
        var start = time.GetTimestamp();
        while (_fronts.Values.Any(front =>
            front.Known < version && time.GetElapsedTime(front.Asked) < Gone))
        {
            var left = patience - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            await WithinAsync(_asked.Task, left);
        }

        foreach (var gone in _fronts.Where(pair => time.GetElapsedTime(pair.Value.Asked) >= Gone).ToList())
        {
            _fronts.Remove(gone.Key);
        }
    }

    private async Task WithinAsync(Task task, TimeSpan limit) => await task.WaitAsync(limit, time).ConfigureAwait(
        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Wake(ref TaskCompletionSource source)
    {
        var before = source;
        source = NewSource();
        before.SetResult();
    }
}
