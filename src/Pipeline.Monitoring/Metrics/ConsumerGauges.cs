using System.Diagnostics.Metrics;
using Pipeline.Runtime.Consumers;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Metrics;

/// <summary>How far named consumers are behind, as a gauge of meter Pipeline.Consumers, as last read.</summary>
internal sealed class ConsumerGauges : IDisposable
{
    public const string MeterName = "Pipeline.Consumers";

    private readonly Meter _meter;
    private readonly WatchedEngine _watched;
    private volatile IReadOnlyList<(long Stream, Consumer Consumer)> _consumers = [];

    public ConsumerGauges(MeterScope scope, WatchedEngine watched)
    {
        (_meter, _watched) = (scope.NewMeter(MeterName), watched);
        _meter.CreateObservableGauge(
            "pipeline.consumer.lag_events", Read, "{event}", "Events that the consumer has not done yet.");
    }

    /// <summary>What there is now; null: nobody can say, and it stays as it was.</summary>
    public void Take(IReadOnlyList<(long Stream, Consumer Consumer)>? consumers) =>
        _consumers = consumers ?? _consumers;

    public void Dispose() => _meter.Dispose();

    private List<Measurement<long>> Read()
    {
        if (!_watched.TryGetStreams(out var streams))
        {
            return [];
        }

        var known = streams.List().ToDictionary(static stream => stream.Id);
        return
        [
            .. _consumers.Where(one => known.ContainsKey(one.Stream)).Select(one => new Measurement<long>(
                ConsumerLag.Of(known[one.Stream], one.Consumer),
                new("stream", known[one.Stream].Name.Value),
                new("consumer", one.Consumer.Name))),
        ];
    }
}
