namespace Pipeline.Monitoring.Alerts;

/// <summary>One alert with all that it holds for, and what was said of it. Used under the board's lock.</summary>
internal sealed class AlertGroup(AlertRule rule)
{
    /// <summary>It is said again so often while it holds.</summary>
    public static readonly TimeSpan Repeat = TimeSpan.FromHours(4);

    /// <summary>It is said again no sooner when it holds for more things.</summary>
    public static readonly TimeSpan Gather = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What another host said is over no sooner after this one heard of it: it may only just have begun to look.
    /// </summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    /// <summary>So many things are kept apart.</summary>
    private const int MaxKeys = 200;

    private Dictionary<string, (AlertValue Value, DateTimeOffset Since)> _holding = [];
    private DateTimeOffset? _inherited;
    private bool _isActive;

    public AlertRule Rule => rule;

    public AlertSaid Said { get; set; } = AlertSaid.Nothing;

    /// <summary>What it holds for long enough, the worst first.</summary>
    public IReadOnlyList<ActiveAlert> Active(DateTimeOffset now) =>
    [
        .. _holding.Values.Where(one => now - one.Since >= rule.For).OrderByDescending(static one => one.Value.Value)
            .Select(one => new ActiveAlert(rule, one.Value, one.Since.UtcTicks)),
    ];

    /// <summary>Takes what another host, or this one before, has said.</summary>
    public void Inherit(AlertSaid said, DateTimeOffset now)
    {
        if (said.IsFiring && !(Said.IsFiring && said.Number == Said.Number))
        {
            _inherited = now;
        }

        Said = said;
    }

    /// <summary>Takes what the rule says now; true: it has begun or ended.</summary>
    public bool Look(IEnumerable<AlertValue> values, DateTimeOffset now)
    {
        var holding = new Dictionary<string, (AlertValue Value, DateTimeOffset Since)>();
        foreach (var value in values.Where(one => one.Value > rule.Above))
        {
            var since = _holding.TryGetValue(value.Key, out var before) ? before.Since : now;
            holding[value.Key] = (value, since);
        }

        _holding = holding;
        var was = _isActive;
        _isActive = Active(now).Count > 0;
        _inherited = _isActive ? null : _inherited;
        return _isActive != was;
    }

    /// <summary>What is to be said of it now, to these targets; null: nothing.</summary>
    public AlertNotice? Say(DateTimeOffset now, IReadOnlyList<string> targets)
    {
        var active = Active(now);
        var next = active.Count > 0 ? Firing(active, now) : Resolved(now);
        if (next is null)
        {
            return null;
        }

        Said = next with { Owed = targets };
        return Said.ToNotice(rule);
    }

    private AlertSaid? Firing(IReadOnlyList<ActiveAlert> active, DateTimeOffset now)
    {
        if (now.UtcTicks < Said.SilencedUntil)
        {
            return null;
        }

        var keys = active.Select(static one => one.Value.Key).ToHashSet();
        var age = new TimeSpan(now.UtcTicks - Said.SaidAt);
        var isDue = !Said.IsFiring || age >= Repeat
            || (age >= Gather && Said.Keys is { } said && !keys.IsSubsetOf(said));
        var worst = active[0];
        return !isDue ? null : Said with
        {
            Number = Said.IsFiring ? Said.Number : Said.Number + 1,
            IsFiring = true,
            SaidAt = now.UtcTicks,
            Keys = keys.Count > MaxKeys ? null : [.. keys],
            Labels = worst.Value.Labels,
            Value = worst.Value.Value,
            Count = active.Count,
            Since = active.Min(static one => one.Since),
        };
    }

    /// <summary>Of what is inherited, what holds and not long enough yet is not over.</summary>
    private AlertSaid? Resolved(DateTimeOffset now) =>
        Said.IsFiring && (_inherited is not { } since || (_holding.Count == 0 && now - since >= Settle))
            ? Said with { IsFiring = false }
            : null;
}
