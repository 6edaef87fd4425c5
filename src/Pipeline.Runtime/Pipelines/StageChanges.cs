using Pipeline.Definitions.Planning;
using Pipeline.Processing.Instances;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// What a change would do to each stage of a pipeline, thought through against how they are now: where
/// <see cref="CutRun"/> and <see cref="Seeding"/> would have it begin, and which states it would find there. Changes
/// nothing.
/// </summary>
internal sealed class StageChanges
{
    private const string NoMore = "The definition has no such stage any more.";
    private const string KeepsAll = "It goes on with all that it holds.";

    private readonly KeeperCore _core;
    private readonly RunningPipeline? _old;
    private readonly DesiredPipeline _next;
    private readonly IReadOnlyList<StageForm> _was;
    private readonly IReadOnlyList<StageForm> _now;
    private readonly Succession? _succession;

    /// <param name="core">What there is.</param>
    /// <param name="old">The pipeline as it is; null: there is none of that name.</param>
    /// <param name="next">As it is to be.</param>
    public StageChanges(KeeperCore core, RunningPipeline? old, DesiredPipeline next)
    {
        (_core, _old, _next, _now) = (core, old, next, StageForm.Of(next.Plan!));
        _was = old?.Plan is { } plan ? StageForm.Of(plan) : [];
        _succession = old?.Plan is { } before ? new Succession(before, next.Plan!) : null;
    }

    /// <summary>What becomes of what each stage holds, in the order of <see cref="Stages"/>.</summary>
    public async Task<IReadOnlyList<HeldState>> StatesAsync(CancellationToken cancellationToken)
    {
        var found = new List<HeldState>();
        foreach (var stage in Stages)
        {
            found.Add(await StateAsync(stage, cancellationToken));
        }

        return found;
    }

    /// <summary>The same, and where each stage goes on or begins; null: no majority answers.</summary>
    public async Task<IReadOnlyList<StageChange>?> WithPlacesAsync(
        IReadOnlyList<HeldState> states, CancellationToken cancellationToken)
    {
        var found = new List<StageChange>();
        foreach (var state in states)
        {
            var cut = new List<StagePosition>();
            foreach (var spec in Readers(Forms(_now, state.Stage)))
            {
                if (await BeginAsync(spec, cancellationToken) is not { } offset)
                {
                    return null;
                }

                cut.Add(new StagePosition(spec.Input.Value, spec.Id.Partition, offset));
            }

            found.Add(new StageChange(state.Stage, cut, state.State, state.Why));
        }

        return found;
    }

    /// <summary>In the order of the new plan, then those that it drops.</summary>
    private IEnumerable<string> Stages => _now.Concat(_was).Select(static form => form.Identity.Stage).Distinct();

    private async Task<HeldState> StateAsync(string stage, CancellationToken cancellationToken)
    {
        var (was, now) = (Forms(_was, stage), Forms(_now, stage));
        if (was.Count == 0)
        {
            return Readers(now).Any(IsKnownOfOld)
                ? new HeldState(stage, StageFate.Kept, "It was there before, and goes on where it stopped then.")
                : new HeldState(stage, StageFate.Empty, $"A new stage, which begins {Begins(now[0].Entry)}.");
        }

        var holding = was.Where(static form => form.Node.Node.NeedsWatermark).ToList();
        var lost = now.Count == 0 ? holding : [.. holding.Where(form => !IsCarried(form))];
        if (lost.Count == 0)
        {
            return now.Count == 0
                ? new HeldState(stage, StageFate.Empty, $"{NoMore} It held nothing between events.")
                : new HeldState(stage, StageFate.Kept, holding.Count > 0
                    ? KeepsAll
                    : "It goes on, and holds nothing between events.");
        }

        var why = WhyLost(lost[0], now);
        if (await new StageHolders(_core, _old!, lost).FindUnusedAsync(cancellationToken) is not { } unused)
        {
            return new HeldState(stage, StageFate.Lost, why);
        }

        var held = lost.Count < holding.Count
            ? new HeldState(stage, StageFate.Kept, KeepsAll)
            : new HeldState(stage, StageFate.Empty, "Nothing has come to it yet: it holds nothing.");
        return held with { Unused = unused, WhyLost = why };
    }

    private static string WhyLost(StageForm lost, List<StageForm> now) => now.Count == 0 ? NoMore
        : now.FirstOrDefault(form => form.Identity == lost.Identity) is not { } same
            ? $"It does not read {lost.Identity.Source} as it did: what it holds of that is dropped."
        : same.Node.Node.Fingerprint != lost.Node.Node.Fingerprint
            ? "Its query, key or lateness is another one: what it holds is dropped."
        : "Its events are spread in another way: what it holds is dropped.";

    private static List<StageForm> Forms(IReadOnlyList<StageForm> all, string stage) =>
        [.. all.Where(form => form.Identity.Stage == stage)];

    /// <summary>The instances that read a stage's sources for it.</summary>
    private IEnumerable<InstanceSpec> Readers(IEnumerable<StageForm> stage) => _next.Instances
        .Where(spec => stage.Any(form => IsSame(form.Entry, spec.Group)))
        .OrderBy(static spec => spec.Input.Value, StringComparer.Ordinal).ThenBy(static spec => spec.Id.Partition);

    /// <summary>Whether an operator finds its state: in its instance's checkpoint, or where that moves to.</summary>
    private bool IsCarried(StageForm was) => _now.Any(now => now.Node.Node.Fingerprint == was.Node.Node.Fingerprint
        && ((now.Stage == was.Stage && IsSame(now.Home, was.Home) && Beginning(now.Home) is null)
            || _succession!.Moves.Any(move => IsSame(move.From, was.Home) && move.Node == was.Stage
                && IsSame(move.To, now.Home) && move.As == now.Stage)));

    private string Begins(GroupPlan entry) => Beginning(entry) switch
    {
        { After: { Count: > 0 } after } => $"where {string.Join(", ", after.Select(static group => group.Name))} was",
        { } => $"with what comes to {entry.Input} after the change",
        null when _old?.Plan?.Groups.Any(group => IsSame(group, entry)) == true =>
            $"with the next event that {entry.Name} reads",
        null when Readers(_now.Where(form => IsSame(form.Entry, entry))).Any(IsElsewhere) =>
            $"with what comes to {entry.Input} after the change",
        null => $"with the first event that {entry.Input} keeps",
    };

    /// <summary>The next event that an instance would read, as things are now; null: no majority answers.</summary>
    private async Task<long?> BeginAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        var stream = _core.View.Streams.GetValueOrDefault(spec.Input);
        var partition = stream?.Partitions[spec.Id.Partition].Status;
        var end = partition?.Committed.Value ?? 0;
        if (Beginning(spec.Group!) is { } beginning)
        {
            return beginning.After.Count == 1 && Running(beginning.After[0], spec.Id.Partition) is { } before
                ? await CursorAsync(before, cancellationToken)
                : end;
        }

        if (_old?.Instances.FirstOrDefault(running => running.Id == spec.Id) is { Group: not null } same)
        {
            return await CursorAsync(same, cancellationToken);
        }

        if (IsElsewhere(spec))
        {
            return end;
        }

        if (!IsKnownOfOld(spec))
        {
            return partition?.First.Value ?? 0;
        }

        return await CheckpointAsync(spec.Id, cancellationToken);
    }

    private RunningInstance? Running(GroupPlan group, int partition) => _old!.Instances.FirstOrDefault(
        running => IsSame(running.Group, group) && running.Id.Partition == partition);

    /// <summary>
    /// Where an instance is: by what it says, or by its checkpoint while it does not say. Or where its input ends, if
    /// it is read to that first.
    /// </summary>
    private async Task<long?> CursorAsync(RunningInstance running, CancellationToken cancellationToken)
    {
        if (_succession?.Drained.Any(drained => IsSame(drained, running.Group)) == true)
        {
            return running.Input.Status.Committed.Value;
        }

        return running is { IsStarted: true, Instance.DurableCursor: not null }
            ? running.Status.Cursor
            : await CheckpointAsync(running.Id, cancellationToken);
    }

    /// <summary>Where an instance would go on that does not run; null: no majority answers.</summary>
    private async Task<long?> CheckpointAsync(InstanceId id, CancellationToken cancellationToken)
    {
        var register = new CheckpointRegister(_core.Host.Registers, _core.Host.Stores, id);
        return (await register.PeekAsync(cancellationToken))?.Cursor;
    }

    private Beginning? Beginning(GroupPlan group) =>
        _succession?.Beginnings.FirstOrDefault(beginning => IsSame(beginning.Group, group));

    /// <summary>What it reads is being read for it by another instance, or was.</summary>
    private bool IsElsewhere(InstanceSpec spec) => _old?.Entry.Elsewhere.Contains(spec.Id.Birth) == true;

    /// <summary>An instance of that name was there in an earlier definition: its checkpoint is still there.</summary>
    private bool IsKnownOfOld(InstanceSpec spec) => _old?.Entry.Born.Contains(spec.Id.Birth) == true
        && _old.Instances.All(running => running.Id != spec.Id) && !IsElsewhere(spec)
        && Beginning(spec.Group!) is null;

    private static bool IsSame(GroupPlan? left, GroupPlan? right) =>
        left is not null && left.Name == right?.Name && left.Input == right.Input;
}
