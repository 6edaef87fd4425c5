using Pipeline.Runtime.Engine;

namespace Pipeline.Http.Health;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What it is, as <c>store 1</c>.</param>
/// <param name="Status">How it is doing.</param>
/// <param name="Reason">Why; null where it is ok.</param>
public sealed record CheckResult(string Name, HealthStatus Status, string? Reason)
{
    /// <summary>Ok where there is no reason against it.</summary>
    public static CheckResult Of(string name, HealthStatus otherwise, string? reason) =>
        new(name, reason is null ? HealthStatus.Ok : otherwise, reason);
}
