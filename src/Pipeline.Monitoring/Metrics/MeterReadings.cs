using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Metrics;

/// <summary>
/// Listens to the meters of one host and to the runtime's, and writes what they say in Prometheus' text
/// format (0.0.4) or as OpenMetrics (1.0.0). Observable instruments are read when the text is written. Of an instrument
/// at most <see cref="MaxSeries"/> series are kept; beyond them one more takes the rest, so that no caller can fill the
/// memory with tags.
/// </summary>
internal sealed class MeterReadings : IDisposable
{
    public const int MaxSeries = 2000;

    private const string Overflow = "otel_metric_overflow=\"true\"";

    private readonly MeterListener _listener = new();
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), MeterSeries> _series = new();

    /// <summary>How many series each instrument that is not observed has.</summary>
    private readonly ConcurrentDictionary<Instrument, int> _counts = new();

    /// <summary>The same series but for observable ones, which come and go; found without their text.</summary>
    private readonly ConcurrentDictionary<SeriesKey, MeterSeries> _known = new();

    public MeterReadings(MeterScope scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "System.Runtime" || scope.Has(instrument))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Take(i, value, tags));
        _listener.Start();
    }

    public void Write(StringBuilder to, bool isOpenMetrics)
    {
        var byName = Read().GroupBy(s => PrometheusNames.NameOf(s.Key.Instrument))
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var group in byName)
        {
            var instrument = group.First().Key.Instrument;
            var first = group.First().Value;
            var family = isOpenMetrics ? PrometheusNames.FamilyOf(instrument) : group.Key;
            to.Append(CultureInfo.InvariantCulture, $"# HELP {family} {PrometheusNames.HelpOf(instrument)}\n");
            to.Append(CultureInfo.InvariantCulture, $"# TYPE {family} {first.Type}\n");
            foreach (var (key, one) in group.OrderBy(s => s.Key.Labels, StringComparer.Ordinal))
            {
                one.Write(to, group.Key, key.Labels);
            }
        }

        to.Append(isOpenMetrics ? "# EOF\n" : "");
    }

    public void Dispose() => _listener.Dispose();

    private KeyValuePair<(Instrument Instrument, string Labels), MeterSeries>[] Read()
    {
        lock (_writing)
        {
            // What is not there any more is not observed again.
            foreach (var key in _series.Keys.Where(static key => key.Instrument.IsObservable))
            {
                _series.TryRemove(key, out _);
            }

            _listener.RecordObservableInstruments();
            return [.. _series];
        }
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isKey = SeriesKey.TryMake(instrument, tags, out var key) && !instrument.IsObservable;
        if (!isKey || !_known.TryGetValue(key, out var series))
        {
            var labels = tags.IsEmpty ? "" : LabelsOf(tags);
            series = SeriesOf(instrument, labels, out var isRest);
            if (isKey && !isRest)
            {
                _known[key] = series;
            }
        }

        series.Take(value);
    }

    /// <summary><paramref name="isRest"/>: it stands for all that there is no room for.</summary>
    private MeterSeries SeriesOf(Instrument instrument, string labels, out bool isRest)
    {
        isRest = false;
        if (_series.TryGetValue((instrument, labels), out var series))
        {
            return series;
        }

        isRest = !instrument.IsObservable
            && _counts.AddOrUpdate(instrument, 1, static (_, count) => count + 1) > MaxSeries;
        return _series.GetOrAdd(
            (instrument, isRest ? Overflow : labels), static key => new MeterSeries(key.Instrument));
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
