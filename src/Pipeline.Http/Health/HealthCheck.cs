namespace Pipeline.Http.Health;

/// <summary>How something is doing.</summary>
public enum HealthStatus
{
    /// <summary>As it should.</summary>
    Ok,

    /// <summary>It works, and something is missing that a person should see to.</summary>
    Degraded,

    /// <summary>It does not work.</summary>
    Failed,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What it is, as <c>store 1</c>.</param>
/// <param name="Status">How it is doing.</param>
/// <param name="Reason">Why; null where it is ok.</param>
public sealed record HealthCheck(string Name, HealthStatus Status, string? Reason)
{
    /// <summary>Ok where there is no reason against it.</summary>
    public static HealthCheck Of(string name, HealthStatus otherwise, string? reason) =>
        new(name, reason is null ? HealthStatus.Ok : otherwise, reason);
}
