using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// How the groups of a new plan follow those of the old one: which of the old ones are read to the end of their input
/// before they end, and where new ones begin. Pure; decision 0013 has the cases.
/// </summary>
internal sealed class Succession
{
    private readonly PipelinePlan _old;
    private readonly PipelinePlan _next;
    private readonly IReadOnlyList<StageForm> _was;
    private readonly IReadOnlyList<StageForm> _now;
    private readonly List<Rewiring> _rewired;
    private readonly List<GroupPlan> _drained = [];
    private readonly List<Beginning> _beginnings = [];
    private readonly List<StateMove> _moves = [];
    private readonly List<IReadOnlyList<GroupPlan>> _joined = [];
    private readonly List<(string Stage, StreamName Input)> _elsewhere = [];

    public Succession(PipelinePlan old, PipelinePlan next)
    {
        (_old, _next) = (old, next);
        (_was, _now) = (StageForm.Of(old), StageForm.Of(next));
        var (before, then) = (_was.ToLookup(Reading), _now.ToLookup(Reading));
        var after = _now.ToDictionary(static form => form.Identity);
        foreach (var form in _was)
        {
            if (after.TryGetValue(form.Identity, out var followed))
            {
                Follow(form, followed);
            }
            else if (form.Reader is null)
            {
                // Fused, and dropped: what an instance of its own once had read is not where it would go on.
                _elsewhere.Add((form.Stage, new StreamName($"{old.Name}.{form.Identity.Source}")));
            }
        }

        _rewired =
        [
            .. from form in _was
               group form by form.Identity.Stage into stage
               let lost = stage.Where(form => before[Reading(form)].Count() != then[Reading(form)].Count()).ToList()
               let gained = _now.Where(form => form.Identity.Stage == stage.Key
                   && before[Reading(form)].Count() != then[Reading(form)].Count()).ToList()
               let rewired = new Rewiring(StageForm.Upstream(_was, lost), StageForm.Upstream(_now, gained))
               where Sources(_was, rewired.Lost).Intersect(Sources(_now, rewired.Ways)).Any()
               select rewired,
        ];
        _rewired.ForEach(Rewire);
        foreach (var group in next.Groups)
        {
            Continue(group, Before(group));
        }

        // What comes from outside of the pipeline. Who reads nothing of it any more begins with what it reads now.
        static IEnumerable<string> Sources(IReadOnlyList<StageForm> all, IEnumerable<StageForm> some) =>
            some.Select(static form => form.Identity.Source)
                .Where(source => all.All(form => form.Identity.Stage != source));

        // How often a stage reads something: its queries that do are not told apart where that changes.
        static (string Stage, string Source) Reading(StageForm form) => (form.Identity.Stage, form.Identity.Source);
    }

    /// <summary>Old groups that read on to the end of their input, which ends as well; upstream first.</summary>
    public IReadOnlyList<GroupPlan> Drained =>
        [.. _old.Groups.Where(group => _drained.Exists(drained => IsSame(drained, group)))];

    /// <summary>Sets of those that must end at one place, since one group goes on for all of them.</summary>
    public IReadOnlyList<IReadOnlyList<GroupPlan>> Joined => _joined;

    /// <summary>New groups that do not begin where a checkpoint of their own says.</summary>
    public IReadOnlyList<Beginning> Beginnings => _beginnings;

    /// <summary>Operators whose state moves to another group or gets another name, partition by partition.</summary>
    public IReadOnlyList<StateMove> Moves => _moves;

    /// <summary>
    /// Groups, by their first stage and their input, that end while that stage goes on in another one, or that it would
    /// have if it were not dropped from within another one.
    /// </summary>
    public IReadOnlyList<(string Stage, StreamName Input)> Elsewhere => _elsewhere;

    private void Follow(StageForm was, StageForm now)
    {
        if (!IsSame(was.Reader, now.Reader))
        {
            if (now.Reader is { } reader)
            {
                _beginnings.Add(new Beginning(reader, was.Reader is null ? [] : [was.Reader]));
            }
            else
            {
                _drained.Add(was.Reader!);
            }

            AddElsewhere(was.Reader);
        }

        if (!IsSame(was.Second, now.Second))
        {
            if (now.Second is { } second)
            {
                _beginnings.Add(new Beginning(second, []));
            }

            if (was.Second is { } ended)
            {
                _drained.Add(ended);
                AddElsewhere(ended);
            }
        }

        if ((!IsSame(was.Home, now.Home) || was.Stage != now.Stage) && StageForm.IsSpreadAlike(was.Node, now.Node))
        {
            _moves.Add(new StateMove(was.Home, was.Stage, now.Home, now.Stage));
        }
    }

    /// <summary>
    /// A stage reads something else from now on. Where either lies behind streams between steps, all that is in these
    /// is read first; so what comes out of the new ones is what it has not had.
    /// </summary>
    private void Rewire(Rewiring stage)
    {
        var between = _was.Where(form => stage.Lost.Contains(form)
            || stage.Ways.Any(way => way.Identity.Source == form.Identity.Stage))
            .Select(static form => form.Identity.Stage).ToHashSet();
        foreach (var form in StageForm.Upstream(_was, [.. _was.Where(form => between.Contains(form.Identity.Stage))]))
        {
            if (form.Second is { } second)
            {
                Drain(second);
            }

            if (form.Reader is { } reader && _was.Any(step => step.Identity.Stage == form.Identity.Source))
            {
                Drain(reader);
            }
        }

        foreach (var form in stage.Ways)
        {
            if (form.Second is { } second)
            {
                Begin(second);
            }

            if (form.Reader is { } reader && _now.Any(step => step.Identity.Stage == form.Identity.Source))
            {
                Begin(reader);
            }
        }

        void Drain(GroupPlan group)
        {
            _drained.Add(group);
            if (!_next.Groups.Any(other => IsSame(group, other)))
            {
                AddElsewhere(group);
            }
        }

        void Begin(GroupPlan group)
        {
            if (!_old.Groups.Any(other => IsSame(group, other))
                && !_beginnings.Exists(beginning => IsSame(beginning.Group, group)))
            {
                _beginnings.Add(new Beginning(group, []));
            }
        }
    }

    /// <summary>The old groups that read a new one's input for what it runs now, or for what reads that.</summary>
    private List<GroupPlan> Before(GroupPlan group)
    {
        var runs = _now.Where(form => IsSame(form.Home, group) || IsSame(form.Entry, group)).ToList();
        var read = _was.Where(old => runs.Exists(form => form.Identity == old.Identity)
            || _rewired.Exists(stage => stage.Lost.Contains(old) && runs.Exists(stage.Ways.Contains)));
        return [.. _old.Groups.Where(old => old.Input == group.Input && (IsSame(old, group)
            || read.Any(form => IsSame(form.Home, old) || IsSame(form.Entry, old))))];
    }

    /// <summary>
    /// Steps were put in front of stages, or taken away: what reads their stream now goes on where they were. Where
    /// they were in several groups, those come to one place first.
    /// </summary>
    private void Continue(GroupPlan group, List<GroupPlan> before)
    {
        var beginning = _beginnings.FindIndex(beginning => IsSame(beginning.Group, group));
        if (before.Count == 0 || (beginning >= 0 && _beginnings[beginning].After.Count == 0))
        {
            return;
        }

        if (before.Count > 1)
        {
            _drained.AddRange(before);
            _joined.Add(before);
        }

        if (beginning >= 0)
        {
            _beginnings[beginning] = new Beginning(group, before);
        }
        else if (!before.Exists(old => IsSame(old, group)))
        {
            _beginnings.Add(new Beginning(group, before));
        }

        foreach (var ended in before.Where(old => !_next.Groups.Any(other => IsSame(old, other))))
        {
            AddElsewhere(ended);
        }
    }

    private void AddElsewhere(GroupPlan? ended)
    {
        if (ended is not null)
        {
            _elsewhere.Add((ended.Name, ended.Input));
        }
    }

    private static bool IsSame(GroupPlan? left, GroupPlan? right) =>
        left?.Name == right?.Name && left?.Input == right?.Input;

    /// <summary>A stage that reads something else from now on.</summary>
    /// <param name="Lost">What it no longer is, and all that fed that.</param>
    /// <param name="Ways">What it is instead, and all that feeds that.</param>
    private sealed record Rewiring(IReadOnlySet<StageForm> Lost, IReadOnlySet<StageForm> Ways);
}

/// <summary>Where the instances of a new group begin.</summary>
/// <param name="Group">The new group.</param>
/// <param name="After">
/// The old groups whose cut it goes on from, partition by partition, all at one place; none: at the end of its input,
/// as it is after the cut.
/// </param>
internal sealed record Beginning(GroupPlan Group, IReadOnlyList<GroupPlan> After);

/// <summary>An operator's state moves.</summary>
internal sealed record StateMove(GroupPlan From, string Node, GroupPlan To, string As);
