using System.Globalization;
using System.Text;

namespace Pipeline.Cli.Sending;

/// <summary>
/// Makes readings as a plant's sensors would: each device has its own level, a slow daily swing, a little noise and
/// now and then a spike or a reading without temperature. Times are those of sending.
/// </summary>
internal sealed class ReadingGenerator
{
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly double[] _levels;
    private readonly double[] _drifts;

    public ReadingGenerator(int devices, int seed, TimeProvider time)
    {
        _random = new Random(seed);
        _time = time;
        _levels = [.. Enumerable.Range(0, devices).Select(_ => 15 + (_random.NextDouble() * 15))];
        _drifts = new double[devices];
    }

    /// <summary>Appends one NDJSON line.</summary>
    public void Append(StringBuilder to)
    {
        var device = _random.Next(_levels.Length);
        var now = _time.GetUtcNow();
        _drifts[device] = (_drifts[device] * 0.98) + ((_random.NextDouble() - 0.5) * 0.4);
        var swing = 4 * Math.Sin(now.TimeOfDay.TotalHours / 24 * 2 * Math.PI);
        var spike = _random.Next(1000) == 0 ? 40 : 0;
        var temperature = _random.Next(500) == 0
            ? "null"
            : (_levels[device] + swing + _drifts[device] + spike).ToString("0.00", CultureInfo.InvariantCulture);
        to.Append(CultureInfo.InvariantCulture, $"{{\"deviceId\":\"dev-{device:00000}\",");
        to.Append(CultureInfo.InvariantCulture, $"\"ts\":\"{now.UtcDateTime:O}\",");
        to.Append(CultureInfo.InvariantCulture, $"\"temperature\":{temperature},");
        to.Append(CultureInfo.InvariantCulture, $"\"humidity\":{40 + (20 * _random.NextDouble()):0.0},");
        to.Append(CultureInfo.InvariantCulture, $"\"site\":\"plant-{device % 40:00}\",");
        to.Append(CultureInfo.InvariantCulture, $"\"battery\":{_random.Next(60, 101)}}}\n");
    }
}
