namespace Pipeline.Monitoring.Alerts;

/// <summary>All alerts of this host, what they hold for and what was said. Safe to use from any thread.</summary>
internal sealed class AlertBoard(IReadOnlyList<AlertRule> rules, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly AlertGroup[] _groups = [.. rules.Select(static rule => new AlertGroup(rule))];

    /// <summary>What was said, by the alerts' names; of what never was, nothing.</summary>
    public IReadOnlyDictionary<string, AlertSaid> Said
    {
        get
        {
            lock (_gate)
            {
                return _groups.Where(static group => group.Said != AlertSaid.Nothing)
                    .ToDictionary(static group => group.Rule.Name, static group => group.Said);
            }
        }
    }

    /// <summary>Looks once; gives what has begun or ended here, and what it holds for now, the worst first.</summary>
    public IReadOnlyList<(AlertRule Rule, IReadOnlyList<ActiveAlert> Active)> Look(AlertInputs inputs)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return
            [
                .. _groups.Where(group => group.Rule.IsEnabled && group.Look(group.Rule.Read(inputs), now))
                    .Select(group => (group.Rule, group.Active(now))),
            ];
        }
    }

    /// <summary>What is to be said now; from here on it counts as said.</summary>
    public IReadOnlyList<AlertNotice> Say(IReadOnlyList<string> targets)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return
            [
                .. _groups.Where(static group => group.Rule.IsEnabled).Select(group => group.Say(now, targets))
                    .OfType<AlertNotice>(),
            ];
        }
    }

    /// <summary>What was said and did not reach a target, with that target's name.</summary>
    public IReadOnlyList<(string Target, AlertNotice Notice)> Owed()
    {
        lock (_gate)
        {
            return
            [
                .. _groups.SelectMany(static group =>
                    group.Said.Owed.Select(target => (target, group.Said.ToNotice(group.Rule)))),
            ];
        }
    }

    /// <summary>Whether this target is still to be told this.</summary>
    public bool IsOwed(string target, AlertNotice notice)
    {
        lock (_gate)
        {
            return Find(notice.Name) is { } found && found.Said.Owed.Contains(target)
                && found.Said.ToNotice(found.Rule).IsSame(notice);
        }
    }

    /// <summary>
    /// Takes what is kept, as <see cref="AlertSaid.Join"/> says; true: of some alert there was more here.
    /// </summary>
    public bool Join(IReadOnlyDictionary<string, AlertSaid> kept, bool isOwn)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var isNewer = false;
            foreach (var group in _groups)
            {
                var theirs = kept.GetValueOrDefault(group.Rule.Name, AlertSaid.Nothing);
                var joined = group.Said.Join(theirs, isOwn);
                isNewer |= joined.Number > theirs.Number || joined.SilencedAt > theirs.SilencedAt;
                group.Inherit(joined, now);
            }

            return isNewer;
        }
    }

    /// <summary>Nobody is told of it until then; false: there is no such alert.</summary>
    public bool TrySilence(string name, TimeSpan duration, out DateTimeOffset until)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            until = now + duration;
            if (Find(name) is not { } found)
            {
                return false;
            }

            found.Said = found.Said with { SilencedUntil = until.UtcTicks, SilencedAt = now.UtcTicks };
            return true;
        }
    }

    /// <summary>How a notification went.</summary>
    public void Note(AlertNotice notice, AlertDelivery delivery)
    {
        lock (_gate)
        {
            if (Find(notice.Name) is { } found)
            {
                var said = found.Said with { Last = delivery };
                var isSettled = delivery.Error is null && said.ToNotice(found.Rule).IsSame(notice);
                found.Said = isSettled
                    ? said with { Owed = [.. said.Owed.Where(target => target != delivery.Target)] }
                    : said;
            }
        }
    }

    /// <summary>For each alert its rule, what it holds for, until when it is silent and what was said last.</summary>
    public IReadOnlyList<AlertView> List()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return
            [
                .. _groups.Select(group => new AlertView(
                    group.Rule,
                    group.Active(now),
                    group.Said.SilencedUntil > now.UtcTicks ? group.Said.SilencedUntil : null,
                    group.Said.Last)),
            ];
        }
    }

    private AlertGroup? Find(string name) => _groups.FirstOrDefault(group => group.Rule.Name == name);
}

/// <summary>An alert as GET /v1/alerts shows it.</summary>
internal sealed record AlertView(
    AlertRule Rule, IReadOnlyList<ActiveAlert> Active, long? SilencedUntil, AlertDelivery? Last);
