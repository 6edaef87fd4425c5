using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// How the groups of a new plan follow those of the old one: which of the old ones are read to the end of their input
/// before they end, and where new ones begin. Pure; decision 0013 has the cases.
/// </summary>
internal sealed class Succession
{
    private readonly List<GroupPlan> _drained = [];
    private readonly List<Beginning> _beginnings = [];
    private readonly List<StateMove> _moves = [];
    private readonly List<(string Stage, StreamName Input)> _elsewhere = [];

    public Succession(PipelinePlan old, PipelinePlan next)
    {
        var after = StageForm.Of(next).ToDictionary(static form => form.Stage);
        foreach (var form in StageForm.Of(old))
        {
            if (after.TryGetValue(form.Stage, out var now) && now.Source == form.Source)
            {
                Follow(form, now);
            }
            else if (form.Reader is null)
            {
                // Fused, and dropped: what an instance of its own once had read is not where it would go on.
                _elsewhere.Add((form.Stage, new StreamName($"{old.Name}.{form.Source}")));
            }
        }
    }

    /// <summary>Old groups that read on to the end of their input, which ends as well; upstream first.</summary>
    public IReadOnlyList<GroupPlan> Drained => _drained;

    /// <summary>New groups that do not begin where a checkpoint of their own says.</summary>
    public IReadOnlyList<Beginning> Beginnings => _beginnings;

    /// <summary>Operators whose state moves to another group, partition by partition.</summary>
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
                _beginnings.Add(new Beginning(reader, was.Reader));
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
                _beginnings.Add(new Beginning(second, null));
            }

            if (was.Second is { } ended)
            {
                _drained.Add(ended);
                AddElsewhere(ended);
            }
        }

        if (!IsSame(was.Home, now.Home) && StageForm.IsSpreadAlike(was.Node, now.Node))
        {
            _moves.Add(new StateMove(was.Home, now.Home, now.Node.Node.Name));
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
}

/// <summary>Where the instances of a new group begin.</summary>
/// <param name="Group">The new group.</param>
/// <param name="After">
/// The old group whose cut it goes on from, partition by partition; null: at the end of its input, as it is after the
/// cut.
/// </param>
internal sealed record Beginning(GroupPlan Group, GroupPlan? After);

/// <summary>An operator's state moves.</summary>
internal sealed record StateMove(GroupPlan From, GroupPlan To, string Node);
