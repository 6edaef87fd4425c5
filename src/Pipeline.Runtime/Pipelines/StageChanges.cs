using System.Globalization;
using Pipeline.Definitions.Planning;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// What a change would do to each stage of a pipeline, thought through against how they are now. Says what
/// <see cref="Succession"/> and the loading of states by name and fingerprint will do; changes nothing.
/// </summary>
internal sealed class StageChanges
{
    private readonly KeeperView _view;
    private readonly RunningPipeline? _old;
    private readonly IReadOnlyList<StageForm> _was;
    private readonly IReadOnlyList<StageForm> _now;
    private readonly IReadOnlyList<Beginning> _beginnings;

    private StageChanges(KeeperView view, RunningPipeline? old, PipelinePlan next)
    {
        (_view, _old, _now) = (view, old, StageForm.Of(next));
        _was = old?.Plan is { } plan ? StageForm.Of(plan) : [];
        _beginnings = old?.Plan is { } before ? new Succession(before, next).Beginnings : [];
    }

    /// <param name="view">What there is.</param>
    /// <param name="old">The pipeline as it is; null: there is none of that name.</param>
    /// <param name="next">Its new plan.</param>
    public static IReadOnlyList<StageChange> Of(KeeperView view, RunningPipeline? old, PipelinePlan next)
    {
        var changes = new StageChanges(view, old, next);
        return
        [
            .. changes._now.GroupBy(static form => form.Identity.Stage).Select(changes.Change),
            .. changes._was.Select(static form => form.Identity.Stage).Distinct()
                .Where(stage => changes._now.All(form => form.Identity.Stage != stage)).Select(Dropped),
        ];
    }

    private static StageChange Dropped(string stage) => new(
        stage,
        [],
        StageFate.Lost,
        "The definition has no such stage any more: its output, and what it holds, is dropped.");

    private StageChange Change(IGrouping<string, StageForm> stage)
    {
        var positions = stage.SelectMany(Positions).Distinct()
            .OrderBy(static at => at.Input, StringComparer.Ordinal).ThenBy(static at => at.Partition).ToList();
        var fates = stage.Select(Fate).ToList();
        var (state, why) = fates.MaxBy(static fate => fate.State);
        return new StageChange(stage.Key, positions, state, why);
    }

    private (StageFate State, string Why) Fate(StageForm now)
    {
        if (_was.FirstOrDefault(form => form.Identity == now.Identity) is not { } was)
        {
            return (StageFate.Empty, _was.Any(form => form.Identity.Stage == now.Identity.Stage)
                ? $"It reads {now.Identity.Source} from now on, {Begins(now)}."
                : $"A new stage, which begins {Begins(now)}.");
        }

        var (before, after) = (was.Node.Node, now.Node.Node);
        if (!before.NeedsWatermark)
        {
            return (StageFate.Kept, after.NeedsWatermark
                ? "It goes on with its next event; what it will hold, it begins to gather then."
                : "It goes on with its next event, and holds nothing between events.");
        }

        var isInPlace = was.Home.Name == now.Home.Name && was.Home.Input == now.Home.Input && was.Stage == now.Stage;
        return !isInPlace && !StageForm.IsSpreadAlike(was.Node, now.Node)
            ? (StageFate.Lost, $"Its events come {Spread(now)} instead of {Spread(was)}: what it holds is dropped.")
            : before.Fingerprint != after.Fingerprint
                ? (StageFate.Lost, "Its query, key or lateness is another one: what it holds is dropped.")
                : (StageFate.Kept, "It goes on with its next event and all that it holds.");
    }

    private string Begins(StageForm form) => BeginningOf(form) switch
    {
        null when Fused(form) => $"with the next event that {form.Entry.Name} reads",
        null => $"with the first event that {form.Entry.Input} keeps",
        { After.Count: 0 } => $"with what comes to {form.Entry.Input} after the change",
        { After: var after } => $"where {string.Join(", ", after.Select(static group => group.Name).Distinct())} was",
    };

    /// <summary>It is put behind a stage that is there.</summary>
    private bool Fused(StageForm form) => _old?.Plan?.Groups.Any(
        group => group.Name == form.Entry.Name && group.Input == form.Entry.Input) == true;

    private Beginning? BeginningOf(StageForm form) => _beginnings.FirstOrDefault(beginning =>
        beginning.Group.Name == form.Entry.Name && beginning.Group.Input == form.Entry.Input);

    /// <summary>Where it is, where an old group is, at the end of its input, or at its begin.</summary>
    private IEnumerable<StagePosition> Positions(StageForm now)
    {
        var input = now.Entry.Input;
        var entries = _was.FirstOrDefault(form => form.Identity == now.Identity) is { Entry: var entry }
            ? [entry]
            : BeginningOf(now)?.After ?? (Fused(now) ? [now.Entry] : []);
        if (entries.Count > 0)
        {
            return _old!.Instances
                .Where(running => entries.Any(old => old.Name == running.Id.Stage && old.Input == running.Spec.Input))
                .Select(running => new StagePosition(
                    running.Spec.Input.Value, running.Id.Partition, running.Status.Cursor));
        }

        var isAtEnd = BeginningOf(now) is not null;
        return (_view.Streams.GetValueOrDefault(input)?.Partitions ?? []).Select(partition => new StagePosition(
            input.Value,
            partition.Id.Index,
            (isAtEnd ? partition.Status.Committed : partition.Status.First).Value));
    }

    private static string Spread(StageForm form) => string.Create(
        CultureInfo.InvariantCulture,
        $"by {form.Node.InputKey ?? "no key"} over {form.Node.InputPartitions} partition(s)");
}
