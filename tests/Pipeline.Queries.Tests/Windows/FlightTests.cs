using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

/// <summary>Real flights, per origin and day, against sums in decimals.</summary>
public sealed class FlightTests
{
    private const string Query = "SELECT origin, COUNT(*) AS n, AVG(delay) AS mean, MAX(delay) AS worst, "
        + "System.Timestamp() AS day FROM input TIMESTAMP BY time GROUP BY origin, TumblingWindow(day, 1)";

    [Fact]
    public void Every_origin_and_day_has_its_count_mean_and_largest_delay()
    {
        var path = Find(".tools/flights/flights-2001.ndjson.gz");
        Assert.SkipWhen(
            path is null, "needs the flights: dotnet run test.cs installs them (npm)");
        var run = new Run(Query);
        var groups = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var line in Lines(path!))
        {
            using var flight = JsonDocument.Parse(line);
            var time = flight.RootElement.GetProperty("time").GetDateTime().ToUniversalTime();
            var day = time.TimeOfDay == TimeSpan.Zero ? time : time.Date.AddDays(1);
            var key = $"{day:yyyy-MM-ddTHH:mm:ssZ} {flight.RootElement.GetProperty("origin").GetString()}";
            groups.TryAdd(key, []);
            groups[key].Add(flight.RootElement.GetProperty("delay").GetInt32());
            var second = (double)(time.Ticks - Run.Second(0)) / TimeSpan.TicksPerSecond;
            run.Event(line, second).Watermark(second);
        }

        run.Watermark(1e9);
        Assert.Empty(run.Output.Late);
        Assert.Equal(groups.Select(g => Expected(g.Key, g.Value)), run.Output.Values);
    }

    private static string Expected(string key, List<int> delays)
    {
        // By way of text, as the cast from decimal to double does not round to the nearest.
        var decimals = (delays.Sum(d => (decimal)d) / delays.Count).ToString(CultureInfo.InvariantCulture);
        var mean = double.Parse(decimals, CultureInfo.InvariantCulture);
        var text = mean.ToString("R", CultureInfo.InvariantCulture);
        return $"{{\"origin\":\"{key[21..]}\",\"n\":{delays.Count},\"mean\":{text}{(text.Contains('.') ? "" : ".0")},"
            + $"\"worst\":{delays.Max()},\"day\":\"{key[..20]}\"}}";
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static string? Find(string path)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, path)))
            {
                return Path.Combine(at.FullName, path);
            }
        }

        return null;
    }
}
