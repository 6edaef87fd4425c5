using System.Threading.Channels;

namespace Pipeline.Monitoring.Alerts;

/// <summary>
/// What one target has not been told yet: of each alert the newest alone. What does not arrive is tried again, later
/// each time. Notifications may be put from any thread; one task runs it.
/// </summary>
internal sealed class AlertOutbox(AlertTarget target, AlertPost post, AlertBoard board, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<AlertNotice> _waiting = [];
    private readonly Channel<bool> _told = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public string Target => target.Name;

    /// <summary>In place of what waits of the same alert, unless it is that, or was told.</summary>
    public void Offer(AlertNotice notice)
    {
        lock (_gate)
        {
            if (_waiting.Any(waiting => waiting.IsSame(notice)) || !board.IsOwed(target.Name, notice))
            {
                return;
            }

            _waiting.RemoveAll(waiting => waiting.Name == notice.Name);
            _waiting.Add(notice);
        }

        _told.Writer.TryWrite(true);
    }

    /// <summary>Another host tells from now on.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _waiting.Clear();
        }
    }

    /// <summary>Sends until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (true)
        {
            if (First() is not { } notice)
            {
                await _told.Reader.ReadAsync(cancellationToken);
                continue;
            }

            var error = await post.SendAsync(target, notice, cancellationToken);
            board.Note(
                notice, new AlertDelivery(time.GetUtcNow().UtcTicks, target.Name, notice.IsFiring, error));
            if (error is null)
            {
                Remove(notice);
                pause = FirstPause;
                continue;
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private AlertNotice? First()
    {
        lock (_gate)
        {
            return _waiting.Count > 0 ? _waiting[0] : null;
        }
    }

    private void Remove(AlertNotice notice)
    {
        lock (_gate)
        {
            _waiting.Remove(notice);
        }
    }
}
