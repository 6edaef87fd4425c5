using System.Diagnostics.Metrics;
using System.Globalization;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Alerts;

/// <summary>
/// The metrics that alerts are about, as they were at the last look, and how counters rose. One thread looks and reads.
/// </summary>
internal sealed class AlertInputs : IDisposable
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "pipeline.accepting", "pipeline.store.healthy", "pipeline.store.disk_free", "pipeline.store.disk_size",
        "pipeline.store.scrub_age", "pipeline.store.repairs", "pipeline.stage.lag_events",
        "pipeline.stage.watermark_stall", "pipeline.stage.checkpoint_age", "pipeline.stage.failing",
        "pipeline.dead_letters", "pipeline.ingest.refusals",
    };

    private readonly MeterListener _listener = new();
    private readonly TimeProvider _time;
    private readonly double _first;
    private readonly Dictionary<(string Name, TimeSpan Window, string Key), CounterWindow> _windows = [];
    private Dictionary<string, List<AlertValue>> _now = [];

    /// <param name="scope">Whose metrics.</param>
    /// <param name="time">When it looks.</param>
    /// <param name="isOwn">
    /// Whether all that is counted is counted by this process alone, from none on; else a first value may be of long
    /// ago.
    /// </param>
    public AlertInputs(MeterScope scope, TimeProvider time, bool isOwn)
    {
        (_time, _first) = (time, isOwn ? 0 : double.NaN);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.IsObservable && Names.Contains(instrument.Name) && scope.Has(instrument))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Take(i, value, tags));
        _listener.Start();
    }

    /// <summary>Looks at all of them.</summary>
    public void Look()
    {
        _now = [];
        _listener.RecordObservableInstruments();
        var gone = _windows.Keys.Where(key => !Values(key.Name).Any(one => one.Key == key.Key)).ToList();
        gone.ForEach(key => _windows.Remove(key));
    }

    /// <summary>An instrument's values.</summary>
    public IEnumerable<AlertValue> Values(string name) => _now.GetValueOrDefault(name) ?? [];

    /// <summary>By how much a counter rose within the window: from its beginning on, where it is younger.</summary>
    public IEnumerable<AlertValue> Increases(string name, TimeSpan window)
    {
        foreach (var one in Values(name))
        {
            if (!_windows.TryGetValue((name, window, one.Key), out var counter))
            {
                counter = _windows[(name, window, one.Key)] = new CounterWindow(window, _first);
            }

            yield return one with { Value = counter.Take(_time.GetUtcNow(), one.Value) };
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new KeyValuePair<string, string>[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            labels[i] = new(tags[i].Key, Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "");
        }

        if (!_now.TryGetValue(instrument.Name, out var values))
        {
            values = _now[instrument.Name] = [];
        }

        values.Add(new AlertValue(labels, value));
    }
}
