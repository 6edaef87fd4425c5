using System.Globalization;
using System.Text;

namespace Pipeline.Benchmarks.Engine;

/// <summary>Ready-made events of about 200 bytes in one array, as a partition's block would hold them.</summary>
internal sealed class Readings
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    private Readings(byte[] bytes, int[] starts) => (_bytes, _starts) = (bytes, starts);

    public int Count => _starts.Length - 1;

    public double MeanLength => (double)_bytes.Length / Count;

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_starts[index], _starts[index + 1] - _starts[index]);

    /// <summary>Devices in a random but fixed order, event times in steps of <c>1/eventsASecond</c>.</summary>
    public static Readings Create(int count, int devices, int eventsASecond)
    {
        var random = new Random(12345);
        var bytes = new MemoryStream();
        var starts = new int[count + 1];
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < count; i++)
        {
            starts[i] = (int)bytes.Length;
            var time = start.AddTicks(TimeSpan.TicksPerSecond / eventsASecond * i);
            var temperature = 15 + (random.Next(0, 200) / 10.0);
            var json = string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"deviceId\":\"dev-{random.Next(devices):D5}\",\"ts\":\"{time:yyyy-MM-ddTHH:mm:ss.fff}Z\","
                + $"\"temperature\":{temperature:0.0},\"seq\":{i},\"site\":\"plant-{i % 20:D2}\",\"unit\":\"C\","
                + $"\"status\":\"ok\",\"pad\":\"{new string('x', 60)}\"}}");
            bytes.Write(Encoding.UTF8.GetBytes(json));
        }

        starts[count] = (int)bytes.Length;
        return new Readings(bytes.ToArray(), starts);
    }
}
