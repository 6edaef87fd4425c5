namespace Pipeline.Monitoring.Alerts;

/// <summary>What targets are told of one alert: all that it holds for, in one.</summary>
/// <param name="IsFiring">Else it is resolved.</param>
/// <param name="Name">The alert.</param>
/// <param name="Severity">critical, warning, or none for a test.</param>
/// <param name="Labels">Of what is worst.</param>
/// <param name="Value">The greatest value; when it is resolved the last one.</param>
/// <param name="Count">How many things it holds for.</param>
/// <param name="Since">Since when, ticks UTC.</param>
/// <param name="Summary">What it means.</param>
/// <param name="Runbook">Where to read what to do.</param>
internal sealed record AlertNotice(
    bool IsFiring,
    string Name,
    string Severity,
    IReadOnlyList<KeyValuePair<string, string>> Labels,
    double Value,
    int Count,
    long Since,
    string Summary,
    string Runbook)
{
    public const string TestName = "test";

    /// <summary>
    /// Of all that is said from when the alert begins until it is over: what was said before, and may be said again by
    /// the host that takes the place of another one.
    /// </summary>
    public required string Id { get; init; }

    public static AlertNotice Test(long now) => new(
        true, TestName, "none", [], 0, 1, now, "A test: notifications arrive.", "docs/runbook.md#alerts")
    {
        Id = $"{TestName}-{now}",
    };

    /// <summary>Whether both say the same of the same.</summary>
    public bool IsSame(AlertNotice other) => Id == other.Id && IsFiring == other.IsFiring && Count == other.Count;
}
