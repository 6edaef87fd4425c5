using System.Diagnostics;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;

namespace Pipeline.Cluster.Acceptance;

/// <summary>Short probes must not take a busy silo for a dead one.</summary>
public sealed class BusyMachineTests(ITestOutputHelper output)
{
    private const int Partitions = 12;
    private const int ThreadsPerCore = 4;

    private const string Definition = """
        name: plain
        streams:
          readings: { partitions: 12, key: key }

        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(Nightly.IsOn ? 60 : 15);

    [Fact]
    public async Task While_all_cores_are_busy_no_silo_is_declared_dead_and_no_partition_moves()
    {
        await using var site = await ClusterSite.StartAsync();
        await site.DefineAsync("plain", Definition);
        await site.IsEvenAsync("readings", Partitions, Limit);
        var load = new KeyedLoad(site.Fronts, "readings", writers: 4, keysPerWriter: 12, batch: 24);
        load.Start();
        await load.AcceptedMoreAsync(1_000, Limit);
        var before = await PlacesAsync(site);
        var until = Stopwatch.GetTimestamp() + (long)(Busy.TotalSeconds * Stopwatch.Frequency);
        var spinners = Enumerable.Range(0, Environment.ProcessorCount * ThreadsPerCore)
            .Select(_ => new Thread(() => Spin(until))).ToList();
        spinners.ForEach(static thread => thread.Start());
        await Task.Delay(Busy);
        spinners.ForEach(static thread => thread.Join());
        Assert.Equal(before, await PlacesAsync(site));
        await load.AcceptedMoreAsync(500, Limit);
        await load.StopAsync();
        var slowest = load.Acknowledged.Max(static request =>
            Stopwatch.GetElapsedTime(request.Sent, request.Answered));
        output.WriteLine($"{load.Accepted} events, slowest request {slowest.TotalSeconds:0.00} s");
        Assert.True(load.Refused.Count == 0, string.Join("\n", load.Refused.Take(5)));
        Limits.Holds(RequestLimit, slowest, "slowest request");
        using var client = new ServiceClient(site.Fronts[1]);
        await client.HoldsOnceAsync("readings", load.Sent);
    }

    /// <summary>Each silo, by an address that is another one after a restart, and what it serves.</summary>
    private static async Task<string> PlacesAsync(ClusterSite site)
    {
        var places = new List<string>();
        for (var silo = 0; silo < ClusterSite.Silos; silo++)
        {
            var partitions = await site.PartitionsAsync(silo, "readings");
            places.Add($"{await site.AddressAsync(silo)}: {string.Join(' ', partitions.Order())}");
        }

        return string.Join('\n', places);
    }

    private static void Spin(long until)
    {
        while (Stopwatch.GetTimestamp() < until)
        {
            Thread.SpinWait(1000);
        }
    }
}
