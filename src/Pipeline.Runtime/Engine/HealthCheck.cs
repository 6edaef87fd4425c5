namespace Pipeline.Runtime.Engine;

/// <summary>How well something works.</summary>
public enum HealthStatus
{
    /// <summary>As it should.</summary>
    Ok,

    /// <summary>It does what it is for, or others do it; somebody should look.</summary>
    Degraded,

    /// <summary>It does not do what it is for.</summary>
    Failed,
}

/// <summary>One thing that health looks at.</summary>
/// <param name="Name">What it is, such as <c>partition readings/0</c>, <c>store s1</c> or <c>scrub</c>.</param>
/// <param name="Status">How it is.</param>
/// <param name="Reason">Why it is not Ok; null where it is.</param>
/// <param name="Since">Since when it has this status, as far as it was looked at.</param>
public sealed record HealthCheck(string Name, HealthStatus Status, string? Reason, DateTimeOffset Since);
