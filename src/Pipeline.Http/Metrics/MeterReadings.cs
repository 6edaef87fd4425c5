using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Pipeline.Http.Metrics;

/// <summary>
/// Listens to the meters named Pipeline.* and keeps sums and histograms in the Prometheus text format (0.0.4).
/// Observable instruments are read when the text is written.
/// </summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), MeterSeries> _series = new();

    /// <summary>The same series but for observable ones, which come and go; found without their text.</summary>
    private readonly ConcurrentDictionary<SeriesKey, MeterSeries> _known = new();

    public MeterReadings()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Pipeline.", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Take(i, value, tags));
        _listener.Start();
    }

    public void Write(StringBuilder to)
    {
        KeyValuePair<(Instrument Instrument, string Labels), MeterSeries>[] series;
        lock (_writing)
        {
            // What is not there any more is not observed again.
            foreach (var key in _series.Keys.Where(static key => key.Instrument.IsObservable))
            {
                _series.TryRemove(key, out _);
            }

            _listener.RecordObservableInstruments();
            series = [.. _series];
        }

        var byName = series.GroupBy(s => NameOf(s.Key.Instrument)).OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var group in byName)
        {
            var instrument = group.First().Key.Instrument;
            var first = group.First().Value;
            to.Append(CultureInfo.InvariantCulture, $"# HELP {group.Key} {instrument.Description}\n");
            to.Append(CultureInfo.InvariantCulture, $"# TYPE {group.Key} {first.Type}\n");
            foreach (var (key, one) in group.OrderBy(s => s.Key.Labels, StringComparer.Ordinal))
            {
                one.Write(to, group.Key, key.Labels);
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private static string NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        name = name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
        return MeterSeries.IsSum(instrument) ? name + "_total" : name;
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isKey = SeriesKey.TryMake(instrument, tags, out var key) && !instrument.IsObservable;
        if (!isKey || !_known.TryGetValue(key, out var series))
        {
            var labels = tags.IsEmpty ? "" : LabelsOf(tags);
            series = _series.GetOrAdd((instrument, labels), static key => new MeterSeries(key.Instrument));
            if (isKey)
            {
                _known[key] = series;
            }
        }

        series.Take(value);
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            var escaped = Convert.ToString(value, CultureInfo.InvariantCulture)?
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append(text.Length > 0 ? "," : "").Append(name.Replace('.', '_'));
            text.Append("=\"").Append(escaped).Append('"');
        }

        return text.ToString();
    }
}
