using Pipeline.Processing.Instances;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// What a drafted change would do to what stages hold, in its own pipeline and in others whose layouts it changes.
/// </summary>
internal sealed class HeldStates
{
    private readonly StageChanges _stages;
    private readonly IReadOnlyList<HeldState> _own;
    private readonly IReadOnlyList<HeldState> _others;

    private HeldStates(
        StageChanges stages, IReadOnlyList<HeldState> own, IReadOnlyList<HeldState> others) =>
        (_stages, _own, _others) = (stages, own, others);

    /// <summary>Names by which a reset may be asked for.</summary>
    public IEnumerable<string> Names => All.Select(static change => change.Stage);

    private IEnumerable<HeldState> All => _own.Concat(_others);

    public static async Task<HeldStates> OfAsync(
        KeeperCore core, ChangeDraft draft, CancellationToken cancellationToken)
    {
        var stages = new StageChanges(
            core, core.View.Pipelines.GetValueOrDefault(draft.Name), draft.Next.Find(draft.Name)!);
        var own = await stages.StatesAsync(cancellationToken);
        var others = new List<HeldState>();
        foreach (var name in draft.Concerned.Where(name => name != draft.Name))
        {
            var (was, next) = (core.View.Pipelines[name], draft.Next.Find(name)!);
            if (was.Plan is null || next.Plan is null)
            {
                continue;
            }

            var found = await new StageChanges(core, was, next).StatesAsync(cancellationToken);
            others.AddRange(found.Where(static change => change.State == StageFate.Lost || change.Unused.Count > 0)
                .Select(change => change with
                {
                    Stage = $"{name}.{change.Stage}",
                    Why = $"Pipeline '{name}' reads what changes. {change.Why}",
                    WhyLost = $"Pipeline '{name}' reads what changes. {change.WhyLost}",
                }));
        }

        return new HeldStates(stages, own, others);
    }

    /// <summary>For people who ask beforehand; null: no majority answers.</summary>
    public async Task<IReadOnlyList<StageChange>?> DescribeAsync(CancellationToken cancellationToken) =>
        await _stages.WithPlacesAsync(_own, cancellationToken) is not { } stages ? null :
        [
            .. stages,
            .. _others.Where(static change => change.State == StageFate.Lost)
                .Select(static change => new StageChange(change.Stage, [], change.State, change.Why)),
        ];

    /// <summary>Refuses the change where state would be dropped that must not be; null: none would.</summary>
    public Obstacle? FindObstacle(StateReset reset) => FindObstacle(
        reset, All.Where(static change => change.State == StageFate.Lost));

    /// <summary>The same where everything is cut: of stages that have taken an event since.</summary>
    public Obstacle? FindObstacle(IReadOnlyDictionary<InstanceId, long> cursors, StateReset reset) => FindObstacle(
        reset, All.Where(change => change.Unused.Any(id => !cursors.TryGetValue(id, out var at) || at > 0)));

    private static Obstacle? FindObstacle(StateReset reset, IEnumerable<HeldState> changes)
    {
        List<StageChange> lost =
        [
            .. changes.Where(change => !reset.Allows(change.Stage))
                .Select(static change => new StageChange(change.Stage, [], StageFate.Lost, change.WhyLost)),
        ];
        return lost.Count > 0 ? Obstacle.StateWouldBeLost(lost) : null;
    }
}
