namespace Pipeline.Monitoring.Alerts;

/// <summary>One alert with all that it holds for, and what was said of it. Used under the board's lock.</summary>
internal sealed class AlertGroup(AlertRule rule)
{
    /// <summary>It is said again so often while it holds.</summary>
    public static readonly TimeSpan Repeat = TimeSpan.FromHours(4);

    /// <summary>It is said again no sooner when it holds for more things.</summary>
    public static readonly TimeSpan Gather = TimeSpan.FromMinutes(1);

    private Dictionary<string, (AlertValue Value, DateTimeOffset Since)> _holding = [];
    private HashSet<string> _said = [];
    private DateTimeOffset _saidAt;
    private AlertNotice? _saidLast;

    public AlertRule Rule => rule;

    public DateTimeOffset SilencedUntil { get; set; }

    public AlertDelivery? Last { get; set; }

    /// <summary>What it holds for long enough, the worst first.</summary>
    public IReadOnlyList<ActiveAlert> Active(DateTimeOffset now) =>
    [
        .. _holding.Values.Where(one => now - one.Since >= rule.For).OrderByDescending(static one => one.Value.Value)
            .Select(one => new ActiveAlert(rule, one.Value, one.Since.UtcTicks)),
    ];

    /// <summary>Takes what the rule says now; gives what is to be said of it, null: nothing.</summary>
    public AlertNotice? Take(IEnumerable<AlertValue> values, DateTimeOffset now)
    {
        var holding = new Dictionary<string, (AlertValue Value, DateTimeOffset Since)>();
        foreach (var value in values.Where(one => one.Value > rule.Above))
        {
            var since = _holding.TryGetValue(value.Key, out var before) ? before.Since : now;
            holding[value.Key] = (value, since);
        }

        _holding = holding;
        var active = Active(now);
        return active.Count > 0 ? Firing(active, now) : Resolved();
    }

    private AlertNotice? Firing(IReadOnlyList<ActiveAlert> active, DateTimeOffset now)
    {
        if (now < SilencedUntil)
        {
            return null;
        }

        var keys = active.Select(static one => one.Value.Key).ToHashSet();
        var isDue = _saidLast is null || now - _saidAt >= Repeat
            || (now - _saidAt >= Gather && !keys.IsSubsetOf(_said));
        if (!isDue)
        {
            return null;
        }

        var worst = active[0];
        (_said, _saidAt) = (keys, now);
        _saidLast = new AlertNotice(
            true, rule.Name, rule.Severity, worst.Value.Labels, worst.Value.Value, active.Count,
            active.Min(static one => one.Since), rule.Summary, rule.Runbook);
        return _saidLast;
    }

    private AlertNotice? Resolved()
    {
        var resolved = _saidLast is null ? null : _saidLast with { IsFiring = false };
        _saidLast = null;
        return resolved;
    }
}
