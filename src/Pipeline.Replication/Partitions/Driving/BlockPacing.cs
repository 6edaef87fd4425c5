using Pipeline.Replication.Loops;

namespace Pipeline.Replication.Partitions.Driving;

/// <summary>
/// When the next block may be closed: once all that is posted to the loop already is in. Under many concurrent appends
/// it is held back for a moment after the block before it, so that those whose answers are just on their way join it:
/// fewer, larger commits. A few appends at a time never wait. On the partition's loop.
/// </summary>
internal sealed class BlockPacing
{
    private const int Many = 4;
    private readonly ILoop _loop;
    private readonly TimeSpan _gather;
    private readonly Action _close;
    private readonly ITimer _timer;
    private long _closedAt;
    private int _parts;
    private int _lastParts;

    /// <summary>
    /// <paramref name="gather"/> is the least time from one block to the next under many appends;
    /// <paramref name="close"/> on <paramref name="loop"/> follows each <see cref="Request"/>.
    /// </summary>
    public BlockPacing(ILoop loop, TimeSpan gather, Action close)
    {
        (_loop, _gather, _close) = (loop, gather, close);
        _timer = loop.Time.CreateTimer(
            static pacing => ((BlockPacing)pacing!).Close(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _closedAt = loop.Time.GetTimestamp();
    }

    /// <summary>A block is to be closed; nothing more is asked for until it is.</summary>
    public bool IsRequested { get; private set; }

    /// <summary>A part goes into the block that is closed next.</summary>
    public void OnPart() => _parts++;

    public void OnClosed()
    {
        (_lastParts, _parts) = (_parts, 0);
        _closedAt = _loop.Time.GetTimestamp();
    }

    public void Request()
    {
        if (IsRequested)
        {
            return;
        }

        IsRequested = true;
        var wait = _lastParts < Many ? TimeSpan.Zero : _gather - _loop.Time.GetElapsedTime(_closedAt);
        if (wait > TimeSpan.Zero)
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _loop.Post(static pacing => ((BlockPacing)pacing!).Close(), this);
        }
    }

    public void Stop() => _timer.Dispose();

    private void Close()
    {
        IsRequested = false;
        _close();
    }
}
