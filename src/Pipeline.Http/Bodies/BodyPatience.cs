namespace Pipeline.Http.Bodies;

/// <summary>How long a body may take: some time without a byte, and some time in all.</summary>
/// <param name="Stall">Without any byte.</param>
/// <param name="Total">From the first byte to the last one.</param>
internal sealed record BodyLimits(TimeSpan Stall, TimeSpan Total)
{
    public static BodyLimits Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
}

/// <summary>Ends the reading of a body that does not come on.</summary>
internal sealed class BodyPatience : IDisposable
{
    private readonly BodyLimits _limits;
    private readonly CancellationToken _aborted;
    private readonly CancellationTokenSource _source;
    private readonly long _start = TimeProvider.System.GetTimestamp();

    public BodyPatience(BodyLimits limits, CancellationToken aborted)
    {
        (_limits, _aborted) = (limits, aborted);
        _source = CancellationTokenSource.CreateLinkedTokenSource(aborted);
    }

    /// <summary>Cancelled when the patience is over, or the client has gone.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether it was the patience that ended.</summary>
    public bool IsOver => _source.IsCancellationRequested && !_aborted.IsCancellationRequested;

    /// <summary>Waits for the next bytes no longer than it may.</summary>
    public async ValueTask<T> AwaitAsync<T>(ValueTask<T> read)
    {
        if (read.IsCompleted)
        {
            return await read;
        }

        var left = _limits.Total - TimeProvider.System.GetElapsedTime(_start);
        var wait = left < _limits.Stall ? left : _limits.Stall;
        _source.CancelAfter(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        var result = await read;
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
        return result;
    }

    public void Dispose() => _source.Dispose();
}
