using Pipeline.Replication.Loops;

namespace Pipeline.Runtime.Engine;

/// <summary>
/// Makes the list of checks of a host's health, and remembers since when each has its status. From any thread.
/// </summary>
public sealed class HealthChecks(TimeProvider time)
{
    private readonly Lock _lock = new();
    private Dictionary<string, HealthCheck> _last = [];

    /// <summary>The checks of a snapshot, and of what failed unexpectedly.</summary>
    /// <param name="health">The snapshot.</param>
    /// <param name="missing">How many partitions should serve and do not.</param>
    /// <param name="copies">Which partitions lack a copy, for people; null: none does.</param>
    /// <param name="failing">What failed unexpectedly and does not work again yet.</param>
    public IReadOnlyList<HealthCheck> Of(
        EngineHealth health, int missing, string? copies, IReadOnlyList<FailingPart> failing)
    {
        var now = time.GetUtcNow();
        var isRunning = health.State == EngineState.Running;
        var isServing = missing == 0;
        List<HealthCheck> checks =
        [
            new("engine", isRunning ? HealthStatus.Ok : HealthStatus.Failed, isRunning ? null : health.Detail, now),
            new("partitions", isServing ? HealthStatus.Ok : HealthStatus.Failed, isServing ? null : health.Detail, now),
            .. health.Stores.Select(store => new HealthCheck(
                $"store {store.Slot}",
                store.IsVoting ? HealthStatus.Ok : HealthStatus.Degraded,
                store.IsVoting ? null : store.Detail ?? "it does not vote",
                now)),
            new("copies", copies is null ? HealthStatus.Ok : HealthStatus.Degraded, copies, now),
            .. failing.Select(static part => new HealthCheck(
                part.Name, StatusOf(part.Source), part.Reason, part.Since)),
        ];
        return Stamp(checks);
    }

    /// <summary>A job that fails keeps nobody from anything; a machine that fails does not do what it is for.</summary>
    private static HealthStatus StatusOf(FaultSource source) =>
        source == FaultSource.Machine ? HealthStatus.Failed : HealthStatus.Degraded;

    private List<HealthCheck> Stamp(List<HealthCheck> checks)
    {
        lock (_lock)
        {
            var stamped = checks.ConvertAll(check =>
                _last.TryGetValue(check.Name, out var last) && last.Status == check.Status && last.Since < check.Since
                    ? check with { Since = last.Since }
                    : check);
            _last = stamped.ToDictionary(static check => check.Name, StringComparer.Ordinal);
            return stamped;
        }
    }
}
