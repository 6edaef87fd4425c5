using Pipeline.Runtime.Engine;

namespace Pipeline.Http.Health;

/// <summary>What the health of an engine comes to, one check for each thing that can be wrong by itself.</summary>
internal static class EngineChecks
{
    /// <summary>Whether it takes events: everything counts; a store that is missing degrades it.</summary>
    public static IReadOnlyList<CheckResult> Ready(EngineHealth health, bool isHostReady)
    {
        var voting = health.Stores.Count(static store => store.IsVoting);
        var hasMajority = health.Stores.Count == 0 || 2 * voting > health.Stores.Count;
        return
        [
            .. Startup(health, isHostReady),
            CheckResult.Of("stores", HealthStatus.Failed, hasMajority
                ? null
                : $"{voting} of {health.Stores.Count} stores answer: no majority"),
            .. health.Stores.Select(static store => CheckResult.Of($"store {store.Slot}", HealthStatus.Degraded,
                store.Detail ?? (store.IsVoting ? null : "it does not vote"))),
            CheckResult.Of("partitions", HealthStatus.Failed, health.IsAccepting || health.State != EngineState.Running
                ? null
                : health.Detail ?? $"{health.PartitionsServing} of {health.Partitions} serve"),
            .. Unexpected(health),
        ];
    }

    /// <summary>Machines and jobs that an exception ended and that do not work again yet.</summary>
    private static IEnumerable<CheckResult> Unexpected(EngineHealth health) => health.Checks
        .Where(static check => check.Status != HealthStatus.Ok && check.Name is not ("engine" or "partitions")
            && !check.Name.StartsWith("store ", StringComparison.Ordinal))
        .Select(static check => new CheckResult(check.Name, check.Status, check.Reason));

    /// <summary>Whether it has started.</summary>
    public static IReadOnlyList<CheckResult> Startup(EngineHealth health, bool isHostReady) =>
    [
        CheckResult.Of("engine", HealthStatus.Failed, health.State == EngineState.Running
            ? null
            : health.Detail ?? $"it is {NameOf(health.State)}"),
        CheckResult.Of("definitions", HealthStatus.Failed, isHostReady ? null : "applying definitions"),
    ];

    /// <summary>Whether the process should be left alone; nothing outside of it counts.</summary>
    public static IReadOnlyList<CheckResult> Live(EngineHealth health) =>
    [
        CheckResult.Of("process", HealthStatus.Failed, health.State is EngineState.Fenced or EngineState.Refused
            ? health.Detail ?? $"the engine is {NameOf(health.State)}"
            : null),
    ];

    public static string NameOf(EngineState state) => state.ToString().ToLowerInvariant();
}
