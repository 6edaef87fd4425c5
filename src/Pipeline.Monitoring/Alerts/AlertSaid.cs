namespace Pipeline.Monitoring.Alerts;

/// <summary>What was said of one alert, as the hosts of a service keep it together. Times are ticks UTC.</summary>
internal sealed record AlertSaid
{
    public static readonly AlertSaid Nothing = new();

    /// <summary>How often it began: in the id of its notifications.</summary>
    public long Number { get; init; }

    /// <summary>It was said, and not yet that it is over.</summary>
    public bool IsFiring { get; init; }

    /// <summary>When it was said last that it holds.</summary>
    public long SaidAt { get; init; }

    /// <summary>What it was said of; null: of too many to keep, and more of them is nothing new.</summary>
    public IReadOnlyList<string>? Keys { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    public double Value { get; init; }

    public int Count { get; init; }

    public long Since { get; init; }

    /// <summary>Targets that have not been told yet.</summary>
    public IReadOnlyList<string> Owed { get; init; } = [];

    public long SilencedUntil { get; init; }

    /// <summary>When somebody asked for silence, or ended it: the later one counts.</summary>
    public long SilencedAt { get; init; }

    public AlertDelivery? Last { get; init; }

    /// <summary>The notification that says this.</summary>
    public AlertNotice ToNotice(AlertRule rule) => new(
        IsFiring, rule.Name, rule.Severity, Labels, Value, Count, Since, rule.Summary, rule.Runbook)
    {
        Id = $"{rule.Name}-{Number}",
    };

    /// <summary>
    /// What holds of two that were kept apart: the later beginning, the later wish for silence. Of two that began
    /// equally often what is kept, unless this is the host's own, which knows more.
    /// </summary>
    public AlertSaid Join(AlertSaid kept, bool isOwn)
    {
        var said = Number > kept.Number || (isOwn && Number == kept.Number) ? this : kept;
        var silence = SilencedAt > kept.SilencedAt ? this : kept;
        return said with { SilencedUntil = silence.SilencedUntil, SilencedAt = silence.SilencedAt };
    }
}
