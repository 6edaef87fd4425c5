namespace Pipeline.Monitoring.Metrics;

/// <summary>What tells the instances of stages and sinks apart.</summary>
internal readonly record struct StageKey(string Pipeline, string Stage, int Partition)
{
    public KeyValuePair<string, object?>[] Tags =>
        [new("pipeline", Pipeline), new("stage", Stage), new("partition", Partition)];
}
