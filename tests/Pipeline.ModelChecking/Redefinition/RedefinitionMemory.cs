namespace Pipeline.ModelChecking.Redefinition;

/// <summary>What all states of one search share: machines' ways, the steps of changes, and how states go on.</summary>
internal sealed class RedefinitionMemory(RedefinitionOptions options)
{
    private readonly Dictionary<UInt128, RunNode> _runs = [];
    private readonly Dictionary<(int From, int To, int Elsewhere), ChangeItem[]> _items = [];
    private readonly Dictionary<UInt128, string?> _ends = [];

    public RunNode Begin(Activation activation)
    {
        var start = new RunStart(
            activation.Plan, activation.Layout, activation.Term, activation.Loaded!.Value, activation.Held);
        if (!_runs.TryGetValue(start.Print, out var node))
        {
            _runs.Add(start.Print, node = RunNode.Begin(start));
        }

        return node;
    }

    /// <summary>How a state of the durable parts ends when nobody disturbs it any more.</summary>
    public string? EndOf(UInt128 print, Func<string?> find)
    {
        if (!_ends.TryGetValue(print, out var end))
        {
            _ends.Add(print, end = find());
        }

        return end;
    }

    public ChangeItem[] ItemsOf(Changer changer)
    {
        var key = (changer.From, changer.To, changer.Elsewhere);
        if (!_items.TryGetValue(key, out var items))
        {
            var (from, to) = (options.Texts[changer.From], options.Texts[changer.To]);
            _items.Add(key, items = [.. Cuts(from, to), .. Moves(from, to, changer.Elsewhere)]);
        }

        return items;
    }

    /// <summary>
    /// Registers that are not where their instances would go on when a text has taken another one's place.
    /// </summary>
    public int Elsewhere(TextPlan from, TextPlan to, int before)
    {
        foreach (var stage in from.Instances.SelectMany(static plan => plan.Stages.Skip(1)))
        {
            if (to.HomeOf(stage) is null && !options.Has(RedefinitionFlaws.ForgetElsewhere))
            {
                before |= 1 << options.Homes[stage].Register;
            }
        }

        return to.Instances.Aggregate(before, static (bits, plan) => bits & ~(1 << plan.Register));
    }

    /// <summary>Those that read their input to its end come last: what writes it must have ended.</summary>
    private IEnumerable<ChangeItem> Cuts(TextPlan from, TextPlan to)
    {
        var cuts = from.Instances.Where(old => !Drains(old, to))
            .Select(static old => new ChangeItem(ChangeItemKind.Cut, old.Register));
        var drains = from.Instances.Where(old => Drains(old, to)).Select(old => new ChangeItem(
            options.Has(RedefinitionFlaws.FuseWithoutDraining) ? ChangeItemKind.Cut : ChangeItemKind.Drain,
            old.Register));
        return options.Has(RedefinitionFlaws.DownstreamFirst) ? drains.Concat(cuts) : cuts.Concat(drains);
    }

    /// <summary>A stage whose own instance ends because it is fused reads its input to the end.</summary>
    private static bool Drains(InstancePlan old, TextPlan to) =>
        to.Find(old.Register) is null && to.HomeOf(old.Stages[0]) is not null;

    private IEnumerable<ChangeItem> Moves(TextPlan from, TextPlan to, int elsewhere)
    {
        foreach (var plan in to.Instances)
        {
            var first = from.HomeOf(plan.Stages[0]);
            if (from.Find(plan.Register) is null && !options.Has(RedefinitionFlaws.UnfuseWithoutSeed)
                && (first is not null || (elsewhere & (1 << plan.Register)) != 0))
            {
                yield return new ChangeItem(
                    ChangeItemKind.Begin, plan.Register, first?.Register ?? -1, plan.Stages[0]);
            }

            foreach (var stage in plan.Stages.Skip(1))
            {
                if (from.HomeOf(stage) is { } home && home.Register != plan.Register)
                {
                    yield return new ChangeItem(ChangeItemKind.Join, plan.Register, home.Register, stage);
                }
            }
        }
    }
}
