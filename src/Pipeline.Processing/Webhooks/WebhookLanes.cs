using Pipeline.Kernel.Identity;
using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Webhooks;

/// <summary>
/// Rows that wait to be sent: those of one key in a lane, one after the other; those without a key each in a lane of
/// its own; or all in one. Of the lanes whose time has come, the one with the oldest row is first.
/// </summary>
internal sealed class WebhookLanes
{
    private readonly PriorityQueue<Queue<int>, int> _due = new();
    private readonly PriorityQueue<Queue<int>, (long From, int Row)> _later = new();

    /// <param name="rows">In the order of their offsets.</param>
    /// <param name="isOne">Whether all of them go one after the other.</param>
    public WebhookLanes(IReadOnlyList<SinkRow> rows, bool isOne)
    {
        if (isOne && rows.Count > 0)
        {
            _due.Enqueue(new Queue<int>(Enumerable.Range(0, rows.Count)), 0);
            return;
        }

        var lanes = new Dictionary<Hash128, Queue<int>>();
        for (var row = 0; row < rows.Count; row++)
        {
            if (rows[row].Key is not { } key)
            {
                _due.Enqueue(new Queue<int>([row]), row);
                continue;
            }

            var name = Hash128.Of(key);
            if (!lanes.TryGetValue(name, out var lane))
            {
                lanes.Add(name, lane = new Queue<int>());
                _due.Enqueue(lane, row);
            }

            lane.Enqueue(row);
        }
    }

    /// <summary>When the next lane may go on, ticks; 0: now; null: none waits.</summary>
    public long? Next => _due.Count > 0 ? 0 : _later.TryPeek(out _, out var at) ? at.From : null;

    /// <summary>Takes the first lane whose time has come; its row stays in it until it is settled.</summary>
    public Queue<int>? Take(long now)
    {
        while (_later.TryPeek(out var lane, out var at) && at.From <= now)
        {
            _later.Dequeue();
            _due.Enqueue(lane, at.Row);
        }

        return _due.TryDequeue(out var first, out _) ? first : null;
    }

    /// <summary>Its row is settled: the next one may follow.</summary>
    public void Settle(Queue<int> lane)
    {
        lane.Dequeue();
        if (lane.TryPeek(out var next))
        {
            _due.Enqueue(lane, next);
        }
    }

    /// <summary>Its row is sent again, from then on.</summary>
    public void Repeat(Queue<int> lane, long from) => _later.Enqueue(lane, (from, lane.Peek()));
}
