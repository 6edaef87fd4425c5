namespace Pipeline.Monitoring.Alerts;

/// <summary>An alert of infra/monitoring/alerts.yaml, evaluated by the host itself.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Severity">critical or warning.</param>
/// <param name="Above">It holds for what has a greater value.</param>
/// <param name="For">How long it must hold before somebody is told.</param>
/// <param name="Summary">What it means, for people.</param>
/// <param name="Read">The values as they are now.</param>
internal sealed record AlertRule(
    string Name,
    string Severity,
    double Above,
    TimeSpan For,
    string Summary,
    Func<AlertInputs, IEnumerable<AlertValue>> Read)
{
    public bool IsEnabled { get; init; } = true;

    /// <summary>Where to read what to do.</summary>
    public string Runbook => $"docs/runbook.md#{Name}";
}
