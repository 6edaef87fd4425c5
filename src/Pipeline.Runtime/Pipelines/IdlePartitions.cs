using Pipeline.Definitions;
using Pipeline.Processing.Instances;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Lets an idle partition of an ingest stream follow the others: an instance whose watermark has lain behind for as
/// long as the stream's <c>idle</c>, without input, moves on to the least watermark of those that had some (to the
/// latest of all, where none had), by a heartbeat in its own log. With <c>idle: never</c> only one that never had
/// input leaves the minimum of its readers.
/// </summary>
internal sealed class IdlePartitions(PipelineHost host, TimeSpan interval)
{
    private readonly Dictionary<IInstance, Seen> _seen = [];
    private readonly AttendedTime _time = new(host.Loop.Time, interval);

    public async Task LookAsync(KeeperView view, CancellationToken cancellationToken)
    {
        var current = view.Instances.Select(static running => running.Stage).OfType<IInstance>().ToHashSet();
        _seen.Keys.Where(stage => !current.Contains(stage)).ToList().ForEach(gone => _seen.Remove(gone));
        _time.Begin();
        foreach (var pipeline in view.Pipelines.Values.OrderBy(p => p.Entry.Name, StringComparer.Ordinal))
        {
            var groups = pipeline.Instances.Where(running => running.Group is { IsIngest: true })
                .GroupBy(running => running.Group!.Name);
            foreach (var group in groups.Where(group => group.Count() > 1))
            {
                await LookAsync([.. group], _time.Now, cancellationToken);
            }
        }

        _time.End();
    }

    private async Task LookAsync(RunningInstance[] group, long now, CancellationToken cancellationToken)
    {
        var idle = group[0].Group!.Idle;
        var wait = (idle ?? StreamDefinition.DefaultIdle).Ticks;
        var current = group.Select(running => (Running: running, Stage: running.Stage!)).ToList();
        foreach (var (_, stage) in current)
        {
            var cursor = stage.Status.Cursor;
            if (!_seen.TryGetValue(stage, out var seen) || seen.Cursor != cursor)
            {
                _seen[stage] = new Seen(cursor, now, 0, false);
            }
        }

        var active = current
            .Where(pair => now - _seen[pair.Stage].Since < wait && WatermarkOf(pair.Stage) > long.MinValue)
            .Select(pair => WatermarkOf(pair.Stage)).ToList();
        var target = active.Count > 0 ? active.Min() : current.Max(pair => WatermarkOf(pair.Stage));
        foreach (var (running, stage) in current)
        {
            var seen = _seen[stage];
            if (WatermarkOf(stage) >= target || stage.Status.State != StageInstanceState.Running)
            {
                _seen[stage] = seen with { Behind = 0 };
            }
            else if (seen.Behind == 0 && !seen.IsIdle)
            {
                _seen[stage] = seen with { Behind = now };
            }
            else if (seen.IsIdle || (now - seen.Behind >= wait && !_time.IsTooEarlyFor(new TimeSpan(wait))))
            {
                _seen[stage] = seen with { IsIdle = true };
                await MoveAsync(running, stage, idle is null, target, cancellationToken);
            }
        }
    }

    private static async Task MoveAsync(
        RunningInstance running, IInstance stage, bool isNever, long target, CancellationToken cancellationToken)
    {
        if (!isNever)
        {
            await Heartbeats.TryAppendAsync(running, target, cancellationToken);
        }
        else if (WatermarkOf(stage) == long.MinValue)
        {
            stage.Leave();
        }
    }

    /// <summary>Event time known by an instance, ticks UTC; long.MinValue before any.</summary>
    private static long WatermarkOf(IInstance stage) => stage.Status.Watermark ?? long.MinValue;

    /// <summary>What was last seen of an instance.</summary>
    /// <param name="Cursor">Its cursor.</param>
    /// <param name="Since">When that was first seen.</param>
    /// <param name="Behind">Since when its watermark lies behind; 0: it does not.</param>
    /// <param name="IsIdle">Whether it has been idle long enough; until its next input it follows at once.</param>
    private readonly record struct Seen(long Cursor, long Since, long Behind, bool IsIdle);
}
