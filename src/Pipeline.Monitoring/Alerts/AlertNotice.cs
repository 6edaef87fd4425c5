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

    public static AlertNotice Test(long now) => new(
        true, TestName, "none", [], 0, 1, now, "A test: notifications arrive.", "docs/runbook.md#alerts");
}
