using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Where several groups write one stream, one whose input never had an event would hold up all readers, as their event
/// time is the least of all. Once nothing came for the input's <c>idle</c>, its instances leave that minimum by a word
/// in the logs that they write, until they have a time to say. A group that reads what others write is silent while
/// all of those are. A time in which this process or the one with a partition did not run does not count.
/// </summary>
internal sealed class SilentInputs(PipelineHost host, TimeSpan interval)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Dictionary<IInstance, Seen> _seen = [];
    private readonly AttendedTime _time = new(host.Loop.Time, interval);

    public void Look(KeeperView view)
    {
        _time.Begin();
        Look(view, _time.Now);
        _time.End();
    }

    private void Look(KeeperView view, long now)
    {
        var groups = view.Instances.Where(static running => running.Group is not null)
            .ToLookup(static running => running.Group!);
        var feeding = Feeding([.. groups.Select(static group => group.Key)]);
        var watched = groups.Where(group => feeding.Contains(group.Key)).ToList();
        var current = watched.SelectMany(static group => group).Select(static running => running.Stage!).ToHashSet();
        _seen.Keys.Where(stage => !current.Contains(stage)).ToList().ForEach(gone => _seen.Remove(gone));
        foreach (var running in watched.SelectMany(static group => group))
        {
            See(running.Stage!, now);
        }

        var known = new Dictionary<GroupPlan, bool>();
        foreach (var group in watched.Where(group => IsSilent(group.Key, groups, known, now)))
        {
            foreach (var running in group)
            {
                Leave(running.Stage!, now);
            }
        }
    }

    /// <summary>The groups whose event time goes into that of a stream that others write too.</summary>
    private static HashSet<GroupPlan> Feeding(IReadOnlyList<GroupPlan> groups)
    {
        var streams = groups.SelectMany(Outputs).GroupBy(static stream => stream)
            .Where(static writers => writers.Skip(1).Any()).Select(static writers => writers.Key).ToHashSet();
        var feeding = new HashSet<GroupPlan>();
        var before = -1;
        while (streams.Count > 0 && before < feeding.Count)
        {
            before = feeding.Count;
            foreach (var group in groups.Where(group => Outputs(group).Any(streams.Contains)))
            {
                feeding.Add(group);
                streams.Add(group.Input);
            }
        }

        return feeding;
    }

    private static IEnumerable<StreamName> Outputs(GroupPlan group) =>
        group.Nodes.Select(static node => node.Output).OfType<StreamName>().Distinct();

    private void See(IInstance stage, long now)
    {
        var isKnown = _seen.TryGetValue(stage, out var seen);
        var rest = InputRest.Look(isKnown ? seen.Rest : null, stage.Status, now);
        _seen[stage] = rest.IsNew ? new Seen(rest, now, 0) : seen with { Rest = rest };
    }

    private bool IsSilent(
        GroupPlan group, ILookup<GroupPlan, RunningInstance> groups, Dictionary<GroupPlan, bool> known, long now)
    {
        if (!known.TryGetValue(group, out var isSilent))
        {
            known[group] = false;
            isSilent = groups[group].All(running => HasNothing(running, group, now)) && (group.IsIngest
                || groups.Where(other => Outputs(other.Key).Contains(group.Input))
                    .All(other => IsSilent(other.Key, groups, known, now)));
            known[group] = isSilent;
        }

        return isSilent;
    }

    private bool HasNothing(RunningInstance running, GroupPlan group, long now)
    {
        var status = running.Stage!.Status;
        var wait = group.IsIngest ? group.Idle ?? StreamDefinition.DefaultIdle : TimeSpan.Zero;
        return status is { State: StageInstanceState.Running, Watermark: null }
            && running.Input.Status.IsServing && running.Input.Status.Committed.Value <= status.Cursor
            && (wait == TimeSpan.Zero || !_time.IsTooEarlyFor(wait))
            && _seen.TryGetValue(running.Stage!, out var seen) && now - seen.Rest.Since >= wait.Ticks;
    }

    /// <summary>Said again after ever longer times, as another process may not have heard it.</summary>
    private void Leave(IInstance stage, long now)
    {
        var seen = _seen[stage];
        if (now >= seen.Due)
        {
            var pause = Math.Clamp(2 * seen.Pause, TimeSpan.TicksPerSecond, LongestPause.Ticks);
            _seen[stage] = seen with { Due = now + pause, Pause = pause };
            stage.Leave();
        }
    }

    /// <summary>What was last seen of an instance, in ticks of this host's clock that never goes back.</summary>
    /// <param name="Rest">Since when it has read nothing.</param>
    /// <param name="Due">When it is to leave next.</param>
    /// <param name="Pause">How long after the last time that is.</param>
    private readonly record struct Seen(InputRest Rest, long Due, long Pause);
}
