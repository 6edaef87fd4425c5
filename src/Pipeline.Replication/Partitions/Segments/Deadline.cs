namespace Pipeline.Replication.Partitions.Segments;

/// <summary>
/// Cancels store requests that take too long. One for all requests of a partition to one store that follow each
/// other: <see cref="Restart"/> before each.
/// </summary>
internal sealed class Deadline(TimeProvider time, TimeSpan limit) : IDisposable
{
    private CancellationTokenSource _source = new();
    private long _startedAt;

    public CancellationToken Token => _source.Token;

    public void Restart()
    {
        _startedAt = time.GetTimestamp();
        if (!_source.TryReset())
        {
            _source.Dispose();
            _source = new CancellationTokenSource();
        }
    }

    /// <summary>Cancels what has run for too long.</summary>
    public void Check()
    {
        if (_startedAt != 0 && !_source.IsCancellationRequested && time.GetElapsedTime(_startedAt) >= limit)
        {
            _source.Cancel();
        }
    }

    /// <summary>The request has ended.</summary>
    public void Stop() => _startedAt = 0;

    public void Dispose() => _source.Dispose();
}
