namespace Pipeline.Monitoring.History;

/// <summary>What a series of the history says.</summary>
/// <param name="Name">Its name in the interface.</param>
/// <param name="Unit">What a value counts.</param>
/// <param name="IsOfHost">
/// This process alone; otherwise the whole service, as this process was last told.
/// </param>
/// <param name="Pipeline">The pipeline it is about; null: all.</param>
internal sealed record HistorySeries(string Name, string Unit, bool IsOfHost, string? Pipeline = null)
{
    public static readonly HistorySeries Accepted = new("accepted", "events/s", true);
    public static readonly HistorySeries Bytes = new("bytes", "bytes/s", true);
    public static readonly HistorySeries LatencyP50 = new("latencyP50", "s", true);
    public static readonly HistorySeries LatencyP99 = new("latencyP99", "s", true);
    public static readonly HistorySeries Appended = new("appended", "events/s", false);
    public static readonly HistorySeries Lag = new("lag", "events", false);
    public static readonly HistorySeries DeadLetters = new("deadLetters", "events/s", false);
    public static readonly HistorySeries Stores = new("stores", "stores", false);

    public static HistorySeries LagOf(string pipeline) => Lag with { Pipeline = pipeline };
}
