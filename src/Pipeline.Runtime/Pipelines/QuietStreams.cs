using Pipeline.Definitions.Planning;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Registers;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Lets event time go on with the clock while a whole ingest stream gets no events, so that the last windows close. It
/// begins once all of the stream's partitions had no input for its <c>idle</c>, and goes on in steps that grow with
/// the rest: each is a heartbeat in every partition's log. Where the definition does not say <c>idle</c> it does so
/// only for events that came about when they happened: history that is posted with pauses waits for its next event.
/// What is counted is what this host has seen: after a restart, and after a time without a majority of stores, in which
/// events may have waited at their producers, the rest begins anew; and a time in which this process or the one with a
/// partition did not run is none.
/// </summary>
internal sealed class QuietStreams(PipelineHost host, TimeSpan interval)
{
    /// <summary>How far the newest event's time may lie before its acceptance, unless <c>idle</c> is stated.</summary>
    private static readonly TimeSpan LiveWithin = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(10);

    private readonly Dictionary<IInstance, Seen> _seen = [];
    private readonly AttendedTime _time = new(host.Loop.Time, interval);
    private readonly IRegister _catalog = host.Registers.Open(CatalogRegister.Name);

    public async Task LookAsync(KeeperView view, CancellationToken cancellationToken)
    {
        _time.Begin();
        var now = _time.Now;
        var current = view.Instances.Select(static running => running.Stage).OfType<IInstance>().ToHashSet();
        _seen.Keys.Where(stage => !current.Contains(stage)).ToList().ForEach(gone => _seen.Remove(gone));
        if (!view.Instances.Any(static running => running.Group?.Nodes.Any(
            static node => node.Node.NeedsWatermark) == true))
        {
            return;
        }

        foreach (var pipeline in view.Pipelines.Values.OrderBy(p => p.Entry.Name, StringComparer.Ordinal))
        {
            foreach (var group in pipeline.Instances.Where(static running => running.Group is { IsIngest: true })
                .GroupBy(static running => running.Group!.Name))
            {
                await LookAsync(group.First().Group!, [.. group], now, cancellationToken);
            }
        }

        _time.End();
    }

    private async Task LookAsync(
        GroupPlan group, RunningInstance[] members, long now, CancellationToken cancellationToken)
    {
        var all = members.Select(running => Look(running, group, now)).ToList();
        if (group.Idle is not { } idle || _time.IsTooEarlyFor(idle)
            || all.Any(seen => !seen.IsCaughtUp || now - seen.Rest.Since < idle.Ticks)
            || all.Max(static seen => seen.Due) > now || Target(all, group, members, now) is not { } target)
        {
            return;
        }

        var isWritten = (await _catalog.ReadAsync(cancellationToken)).Status == RegisterStatus.Chosen;
        foreach (var running in members)
        {
            var seen = _seen[running.Stage!];
            isWritten = isWritten && (seen.Watermark >= target
                || await Heartbeats.TryAppendAsync(running, target, cancellationToken));
            var step = Math.Clamp((now - seen.Rest.Since) / 2, idle.Ticks, Math.Max(idle.Ticks, LongestStep.Ticks));
            _seen[running.Stage!] = seen with { Due = now + step };
        }

        if (!isWritten)
        {
            members.ToList().ForEach(running => _seen.Remove(running.Stage!));
        }
    }

    private Seen Look(RunningInstance running, GroupPlan group, long now)
    {
        var stage = running.Stage!;
        var status = stage.Status;
        var watermark = status.Watermark ?? long.MinValue;
        var isServing = running.Input.Status.IsServing;
        var isKnown = _seen.TryGetValue(stage, out var seen);
        var rest = InputRest.Look(isKnown && isServing ? seen.Rest : null, status, now);
        seen = rest.IsNew
            ? new Seen(rest, watermark, now, now + (group.Idle ?? TimeSpan.Zero).Ticks)
            : seen.Later(rest);
        seen = seen.Watermark != watermark ? seen with { Watermark = watermark, WatermarkAt = now } : seen;
        seen = seen with
        {
            IsCaughtUp = isServing && status.State == StageInstanceState.Running
                && running.Input.Status.Committed.Value <= status.Cursor,
        };
        _seen[stage] = seen;
        return seen;
    }

    /// <summary>How far event time has gone on; null where it does not.</summary>
    private long? Target(List<Seen> all, GroupPlan group, RunningInstance[] members, long now)
    {
        var known = all.Where(static seen => seen.Watermark > long.MinValue).ToList();
        if (known.Count == 0)
        {
            return null;
        }

        var newest = members.Max(static running => running.Input.Status.Newest);
        var isLive = newest - known.Max(static seen => seen.Watermark) <= LiveWithin.Ticks;
        var latest = host.Loop.Time.GetUtcNow().UtcTicks + group.MaxAhead.Ticks;
        return group.IsIdleStated || isLive
            ? Math.Min(known.Max(seen => seen.Watermark + (now - seen.WatermarkAt)), latest)
            : null;
    }

    /// <summary>What was last seen of an instance, in ticks of this host's clock that never goes back.</summary>
    /// <param name="Rest">Since when it has read nothing.</param>
    /// <param name="Watermark">Its event time, ticks UTC; long.MinValue before any.</param>
    /// <param name="WatermarkAt">When that was first seen.</param>
    /// <param name="Due">When the next step is due.</param>
    private readonly record struct Seen(InputRest Rest, long Watermark, long WatermarkAt, long Due)
    {
        /// <summary>Whether it runs and has read all there is.</summary>
        public bool IsCaughtUp { get; init; }

        /// <summary>After another look: what it skipped was no rest.</summary>
        public Seen Later(InputRest rest) => this with
        {
            Rest = rest,
            WatermarkAt = WatermarkAt + rest.Skipped,
            Due = Due + rest.Skipped,
        };
    }
}
