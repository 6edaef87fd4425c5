using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Pipeline.Monitoring.Metrics;

/// <summary>One time series: a sum, a last value, or a histogram with buckets from 0.5 ms to 10 s.</summary>
internal sealed class MeterSeries(Instrument instrument)
{
    private static readonly double[] Bounds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private readonly bool _isHistogram = instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal);
    private readonly bool _isAdding = instrument.GetType().Name is "Counter`1" or "UpDownCounter`1";
    private double _value;
    private long _count;

    public string Type => _isHistogram ? "histogram" : IsSum(instrument) ? "counter" : "gauge";

    /// <summary>Whether it only rises. Two instruments of the runtime say that they do, and do not.</summary>
    public static bool IsSum(Instrument instrument) =>
        instrument.GetType().Name is "Counter`1" or "ObservableCounter`1"
        && instrument.Name is not ("dotnet.thread_pool.queue.length" or "dotnet.thread_pool.thread.count");

    public void Take(double value)
    {
        lock (_lock)
        {
            if (_isHistogram)
            {
                var bucket = 0;
                while (bucket < Bounds.Length && value > Bounds[bucket])
                {
                    bucket++;
                }

                _buckets[bucket]++;
                _count++;
            }

            _value = _isHistogram || _isAdding ? _value + value : value;
        }
    }

    public void Write(StringBuilder to, string name, string labels)
    {
        lock (_lock)
        {
            if (!_isHistogram)
            {
                Line(to, name, labels, _value);
                return;
            }

            long below = 0;
            var comma = labels.Length > 0 ? "," : "";
            for (var i = 0; i < _buckets.Length; i++)
            {
                below += _buckets[i];
                var bound = i < Bounds.Length ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                Line(to, name + "_bucket", $"{labels}{comma}le=\"{bound}\"", below);
            }

            Line(to, name + "_sum", labels, _value);
            Line(to, name + "_count", labels, _count);
        }
    }

    public static void Line(StringBuilder to, string name, string labels, double value) => to.Append(
        CultureInfo.InvariantCulture,
        $"{name}{(labels.Length > 0 ? "{" + labels + "}" : "")} {value.ToString("R", CultureInfo.InvariantCulture)}\n");
}
