namespace Pipeline.Monitoring.Alerts;

/// <summary>All alerts of this host, what they hold for and what was said. Safe to use from any thread.</summary>
internal sealed class AlertBoard(IReadOnlyList<AlertRule> rules, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly AlertGroup[] _groups = [.. rules.Select(static rule => new AlertGroup(rule))];

    /// <summary>Looks once; what is to be said now.</summary>
    public IReadOnlyList<AlertNotice> Evaluate(AlertInputs inputs)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return
            [
                .. _groups.Where(static group => group.Rule.IsEnabled)
                    .Select(group => group.Take(group.Rule.Read(inputs), now)).OfType<AlertNotice>(),
            ];
        }
    }

    /// <summary>Nobody is told of it until then; false: there is no such alert.</summary>
    public bool TrySilence(string name, TimeSpan duration, out DateTimeOffset until)
    {
        lock (_gate)
        {
            until = time.GetUtcNow() + duration;
            if (_groups.FirstOrDefault(group => group.Rule.Name == name) is not { } found)
            {
                return false;
            }

            found.SilencedUntil = until;
            return true;
        }
    }

    /// <summary>How a notification went.</summary>
    public void Note(string name, AlertDelivery delivery)
    {
        lock (_gate)
        {
            if (_groups.FirstOrDefault(group => group.Rule.Name == name) is { } found)
            {
                found.Last = delivery;
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
                    group.SilencedUntil > now ? group.SilencedUntil.UtcTicks : null,
                    group.Last)),
            ];
        }
    }
}

/// <summary>An alert as GET /v1/alerts shows it.</summary>
internal sealed record AlertView(
    AlertRule Rule, IReadOnlyList<ActiveAlert> Active, long? SilencedUntil, AlertDelivery? Last);
