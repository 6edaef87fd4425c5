namespace Pipeline.Monitoring.Alerts;

/// <summary>
/// The alerts that a host evaluates itself, with the numbers of infra/monitoring/alerts.yaml. Restarts and clocks need
/// somebody outside of the process: they are Prometheus' alone.
/// </summary>
internal static class AlertRules
{
    private const string Critical = "critical";
    private const string Warning = "warning";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LettersWindow = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RepairsWindow = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<AlertRule> All { get; } =
    [
        new("store-lost", Warning, 0, Minute, "A store does not vote or does not answer.",
            static inputs => inputs.Values("pipeline.store.healthy").Select(static one => one with
            {
                Value = 1 - one.Value,
            })),
        new("quorum-at-risk", Critical, 0, Minute, "One more store lost, and nothing can be written.", AtRisk),
        new("not-accepting", Critical, 0, TimeSpan.FromSeconds(30), "Events are refused with 503.",
            static inputs => inputs.Values("pipeline.accepting").Select(static one => one with
            {
                Value = 1 - one.Value,
            })),
        new("lag", Warning, 100_000, TimeSpan.FromMinutes(10), "A stage or sink is that many events behind.",
            static inputs => inputs.Values("pipeline.stage.lag_events")),
        new("watermark-stalled", Warning, 600, Minute,
            "A stage's watermark has stood still for that many seconds while events were read.",
            static inputs => inputs.Values("pipeline.stage.watermark_stall")),
        new("checkpoint-age", Warning, 300, Minute, "A stage has not written a checkpoint for that many seconds.",
            static inputs => inputs.Values("pipeline.stage.checkpoint_age")),
        new("dead-letters", Warning, 0, TimeSpan.Zero, "A stage refuses events.",
            static inputs => inputs.Increases("pipeline.dead_letters", LettersWindow)),
        new("sink-failing", Critical, 0, Minute, "A stage or sink has failed, or its target does not answer.",
            static inputs => inputs.Values("pipeline.stage.failing")),
        new("overload", Warning, 1, Minute,
            "More is sent than the host takes: that many requests a second are refused with 429.", Overload),
        new("disk-space", Warning, 0.9, Minute, "The disk of a store is nearly full: that share of it is used.",
            static inputs => inputs.Values("pipeline.store.disk_free").Join(
                inputs.Values("pipeline.store.disk_size"), static free => free.Key, static size => size.Key,
                static (free, size) => free with { Value = 1 - (free.Value / size.Value) })),
        new("scrub-overdue", Warning, 172_800, Minute, "Nobody has read all of a store for that many seconds.",
            static inputs => inputs.Values("pipeline.store.scrub_age")),
        new("repair", Warning, 0, TimeSpan.Zero,
            "Copies on a store were put right from the others: it damages what it holds.",
            static inputs => inputs.Increases("pipeline.store.repairs", RepairsWindow)
                .Where(static one => one.Labels.Contains(new("kind", "damaged")))),
    ];

    private static IEnumerable<AlertValue> AtRisk(AlertInputs inputs)
    {
        var stores = inputs.Values("pipeline.store.healthy").ToArray();
        var isAtRisk = stores.Length > 1 && (stores.Length + 1) / 2.0 >= stores.Sum(static one => one.Value);
        return [new AlertValue([], isAtRisk ? 1 : 0)];
    }

    private static IEnumerable<AlertValue> Overload(AlertInputs inputs)
    {
        var refused = inputs.Increases("pipeline.ingest.refusals", Minute)
            .Where(static one => one.Labels[0].Value is "too-fast" or "too-many-handles")
            .Sum(static one => one.Value);
        return [new AlertValue([], refused / Minute.TotalSeconds)];
    }
}
