namespace Pipeline.Monitoring.Alerts;

/// <summary>An alert that holds for something, long enough that somebody is told.</summary>
internal sealed record ActiveAlert(AlertRule Rule, AlertValue Value, long Since);
