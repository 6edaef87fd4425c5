using System.Globalization;
using System.IO.Compression;
using System.Text;
using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Acceptance;

/// <summary>20,000 real flights: windows over them must be, row for row, what PostgreSQL computes.</summary>
public sealed class FlightsTests(ITestOutputHelper output)
{
    private const int Batch = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Daily_counts_means_and_maxima_are_what_PostgreSQL_computes() => await CompareAsync(kills: 0);

    [Fact]
    public async Task They_are_the_same_after_20_kills_while_it_ran() => await CompareAsync(kills: 20);

    private async Task CompareAsync(int kills)
    {
        var file = Requires.Flights();
        var expected = await ExpectedAsync(file);
        using var site = new Site();
        site.Define("flights", LoadDefinitions.Flights);
        await using var host = await PostAsync(site, [.. Lines(file).Chunk(Batch)], kills);
        using var client = new ServiceClient(site.Address);
        var closed = await client.PostWatermarkAsync("departures", "2001-06-01T00:00:00Z");
        Assert.True(closed.Status is 200 or 202 or 204, closed.ToString());
        await Eventually.GetAsync(
            () => client.CountAsync("flights.daily"), count => count >= expected.Length, Limit, "all windows closed");
        var found = (await client.ReadAllAsync("flights.daily")).Select(Row).Order(StringComparer.Ordinal).ToArray();
        output.WriteLine($"{found.Length} rows, {kills} kills");
        Assert.Equal(expected, found);
        var late = await client.GetAsync("v1/streams/flights.daily.late");
        Assert.True(late.Status == 404 || await client.CountAsync("flights.daily.late") == 0, "nothing was late");
    }

    /// <summary>
    /// Posts the batches in order, killing the process now and then; gives the process that runs at the end.
    /// </summary>
    private static async Task<StandaloneProcess> PostAsync(Site site, string[][] batches, int kills)
    {
        var random = new Random(Environment.TickCount);
        var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        var deaths = Enumerable.Range(0, batches.Length).OrderBy(_ => random.Next()).Take(kills).ToHashSet();
        for (var number = 0; number < batches.Length; number++)
        {
            var body = Encoding.UTF8.GetBytes(string.Join('\n', batches[number]));
            var posting = client.PostUntilAcceptedAsync("departures", body, $"batch-{number}", Limit);
            if (deaths.Contains(number))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 20)));
                await host.DisposeAsync();
                host = await site.StartAsync();
            }

            await posting;
        }

        return host;
    }

    private static async Task<string[]> ExpectedAsync(string file)
    {
        await using var postgres = await PostgresCluster.StartAsync();
        // A quote and a delimiter that do not occur: every line is one value.
        const string Lines = @"with (format csv, quote e'\x01', delimiter e'\x02')";
        var rows = await postgres.QueryAsync($"""
            CREATE TABLE raw (line jsonb);
            \copy raw from program 'gzip -dc {Path.GetFullPath(file)}' {Lines}
            SELECT origin, to_char(day, 'YYYY-MM-DD'), count(*), avg(delay), max(delay)
            FROM (SELECT line->>'origin' AS origin, (line->>'delay')::float8 AS delay,
                         date_trunc('day', (line->>'time')::timestamptz - interval '1 microsecond')
                             + interval '1 day' AS day
                  FROM raw) AS flights
            GROUP BY origin, day;
            """);
        Assert.NotEmpty(rows);
        return [.. rows.Select(row => row.Split('|'))
            .Select(row => Row(row[0], row[1], row[2], row[3], row[4])).Order(StringComparer.Ordinal)];
    }

    private static string Row(StoredEvent stored) => Row(
        (string)stored.Value["origin"]!, ((string)stored.Value["day"]!)[..10], stored.Value["n"]!.ToJsonString(),
        stored.Value["mean"]!.ToJsonString(), stored.Value["largest"]!.ToJsonString());

    // Means are sums of small integers divided once: exact up to the last rounding.
    private static string Row(string origin, string day, string count, string mean, string largest) =>
        FormattableString.Invariant($"{origin} {day} {Number(count)} {Number(mean):R} {Number(largest)}");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
