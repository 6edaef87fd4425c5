using System.Diagnostics;
using System.Text.Json.Nodes;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Sinks;

namespace Pipeline.Cluster.Acceptance.Several;

/// <summary>Six pipelines in one cluster, changed under load while silos die.</summary>
public sealed class SeveralPipelinesTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(Nightly.IsOn ? 300 : 30);
    private static readonly TimeSpan Pause = LoadTime / 12;

    private readonly WebhookReceiver _hook = new();
    private BlobPlace _blobs = null!;

    public void Dispose() => _hook.Dispose();

    [Fact]
    public async Task Six_pipelines_changed_under_load_while_silos_die_each_do_all_their_work_once()
    {
        _blobs = await BlobPlace.MakeAsync();
        await using var site = await ClusterSite.StartAsync(variables: new Dictionary<string, string>
        {
            ["Pipeline__Sinks__PrivateHosts"] = "127.0.0.1",
            ["Pipeline__Definitions__Variables"] = "BLOBS",
            ["BLOBS"] = _blobs.Container,
        });
        await site.Membership.QueryAsync(
            "CREATE TABLE first (key text, seq bigint); CREATE TABLE second (key text, seq bigint);");
        await using var watch = new StatusWatch(site);
        watch.Start();
        await ApplyAllAsync(site);
        var loads = SeveralPipelines.Streams.Select(stream => new KeyedLoad(site.Fronts, stream, 2, 4, 8)
        {
            Fields = SeveralEvents.Fields,
            Pause = TimeSpan.FromMilliseconds(20),
        }).ToList();
        loads.ForEach(static load => load.Start());
        await DisturbAsync(site);
        await Task.WhenAll(loads.Select(static load => load.StopAsync()));
        output.WriteLine(string.Join(", ", loads.Select(static load => $"{load.Accepted} events")));
        await StatusWatch.HaveReadAllAsync(site, Limit);
        await HoldsAsync(site, [.. loads.Select(static load => load.Sent)]);
        output.WriteLine($"{watch.Looks} looks at statuses");
        await watch.HoldsAsync();
    }

    /// <summary>Four one after the other, then two at once from two fronts.</summary>
    private async Task ApplyAllAsync(ClusterSite site)
    {
        await PutAsync(site, 0, "one", SeveralPipelines.One);
        await PutAsync(site, 1, "two", SeveralPipelines.Two);
        await PutAsync(site, 0, "three", SeveralPipelines.Three);
        await PutAsync(site, 1, "six", Six(site, "first"));
        await Task.WhenAll(
            PutAsync(site, 0, "four", SeveralPipelines.Four), PutAsync(site, 1, "five", SeveralPipelines.Five));
    }

    private async Task DisturbAsync(ClusterSite site)
    {
        var begun = Stopwatch.StartNew();
        await Task.Delay(Pause);
        await KillAsync(site, await site.KeeperAsync());
        await Task.Delay(Pause);
        await PutAsync(site, 1, "one", SeveralPipelines.OneWithCopy);
        await Task.Delay(Pause);
        site.Silo(1).Kill();
        await PutAsync(site, 0, "four", SeveralPipelines.FourByKey);
        await PutAsync(site, 1, "six", Six(site, "second"));
        await site.StartSiloAsync(1);
        await Task.Delay(Pause);
        do
        {
            await KillAsync(site, 2);
            await Task.Delay(Pause);
            await site.Silo(0).SignalAsync("TERM");
            Assert.Equal(0, await site.Silo(0).ExitsAsync(TimeSpan.FromSeconds(30)));
            await site.StartSiloAsync(0);
            await Task.Delay(Pause);
        }
        while (begun.Elapsed < LoadTime);
        output.WriteLine($"disturbed for {begun.Elapsed.TotalSeconds:0} s");
    }

    private string Six(ClusterSite site, string table) =>
        SeveralPipelines.Six(site.Membership.ConnectionString, table, _hook.Address);

    private static async Task KillAsync(ClusterSite site, int silo)
    {
        site.Silo(silo).Kill();
        await site.StartSiloAsync(silo);
    }

    /// <summary>Repeated where the cluster says that it cannot now.</summary>
    private static async Task PutAsync(ClusterSite site, int front, string name, string definition)
    {
        using var client = site.Client(front);
        await Eventually.GetAsync(
            async () =>
            {
                var answer = await client.PutDefinitionAsync(name, definition);
                Assert.True(answer.IsApplied || answer.Status is 503 or 0, $"PUT {name}: {answer}");
                return answer;
            },
            static answer => answer.IsApplied,
            Limit,
            $"PUT {name}");
    }

    private async Task HoldsAsync(ClusterSite site, IReadOnlyList<IReadOnlyDictionary<string, long>> sent)
    {
        using var client = site.Client(1);
        foreach (var stream in (string[])["r2", "r3"])
        {
            var answer = await client.PostWatermarkAsync(stream, SeveralEvents.End);
            Assert.True(answer.IsOk, $"{answer}");
        }

        for (var i = 0; i < sent.Count; i++)
        {
            await client.HoldsOnceAsync(SeveralPipelines.Streams[i], sent[i]);
        }

        await client.HoldsOnceAsync("one.all", sent[0]);
        await client.HoldsOnceAsync("one.copy", sent[0]);
        await client.HoldsOnceAsync("five.again", sent[0]);
        await client.HoldsOnceAsync("three.pairs", sent[2]);
        HoldsMoved(await client.ReadAllAsync("four.moved"), sent[3]);
        var buckets = SeveralEvents.ByBucket(sent[1]);
        SeveralEvents.AreEqual(buckets, await ReadAsync(client, "two.buckets", buckets.Count), "bucket");
        var counts = SeveralEvents.ByKey(sent[2]);
        SeveralEvents.AreEqual(counts, await ReadAsync(client, "three.counts", counts.Count), "key");
        foreach (var sink in new[] { "one", "five" })
        {
            var lines = await LinesAsync(site, sink, sent[0].Values.Sum());
            await ExactlyOnce.HoldsAsync(lines.ToAsyncEnumerable(), sent[0]);
        }
        SeveralEvents.AreEqual(buckets, await LinesAsync(site, "two", buckets.Count), "bucket");
        await Eventually.GetAsync(
            async () => (await _blobs.LinesAsync("out/five")).Count,
            count => count >= sent[0].Values.Sum(),
            Limit,
            "lines in blobs");
        await ExactlyOnce.HoldsAsync((await _blobs.LinesAsync("out/five")).ToAsyncEnumerable(), sent[0]);
        await RowsHoldAsync(site, sent[0].Values.Sum());
        var requests = await Eventually.GetAsync(
            () => Task.FromResult(_hook.Distinct()), taken => taken.Count >= sent[0].Values.Sum(), Limit, "requests");
        await ExactlyOnce.HoldsAsync(requests.Select(static request => request.Json).ToAsyncEnumerable(), sent[0]);
        output.WriteLine($"{_hook.All.Count - requests.Count} of {_hook.All.Count} requests to the webhook repeated");
    }

    /// <summary>Each event is a row, once, of either table.</summary>
    private static async Task RowsHoldAsync(ClusterSite site, long events)
    {
        const string Count = "SELECT count(*), count(DISTINCT (key, seq)), count(*) FILTER (WHERE part = 1) > 0, "
            + "count(*) FILTER (WHERE part = 2) > 0 FROM (SELECT *, 1 AS part FROM first UNION ALL "
            + "SELECT *, 2 FROM second) AS rows";
        await Eventually.GetAsync(
            async () => Assert.Single(await site.Membership.QueryAsync(Count)),
            row => row == $"{events}|{events}|t|t",
            Limit,
            $"{events} rows, each once");
    }

    /// <summary>Each event once; in each partition those of a key in order, and the new text after the old.</summary>
    private static void HoldsMoved(IReadOnlyList<StoredEvent> events, IReadOnlyDictionary<string, long> sent)
    {
        var last = new Dictionary<(int, string), long>();
        var versions = new Dictionary<string, SortedDictionary<long, long>>();
        foreach (var stored in events)
        {
            var (key, number) = ((string)stored.Value["key"]!, (long)stored.Value["seq"]!);
            Assert.True(
                !last.TryGetValue((stored.Partition, key), out var before) || before < number,
                $"{key}: {number} comes after {before} in partition {stored.Partition}");
            last[(stored.Partition, key)] = number;
            versions.TryAdd(key, []);
            Assert.True(versions[key].TryAdd(number, (long)stored.Value["v"]!), $"{key}: {number} is there twice");
        }

        foreach (var (key, count) in sent)
        {
            var found = versions.GetValueOrDefault(key) ?? [];
            Assert.Equal(Enumerable.Range(0, (int)count).Select(static number => (long)number), found.Keys);
            Assert.Equal(found.Values.Order(), found.Values);
        }
    }

    private static async Task<List<JsonNode>> ReadAsync(ServiceClient client, string stream, int events)
    {
        await Eventually.GetAsync(
            () => client.CountAsync(stream), count => count >= events, Limit, $"{events} in {stream}");
        return [.. (await client.ReadAllAsync(stream)).Select(static stored => stored.Value)];
    }

    private static async Task<List<JsonNode>> LinesAsync(ClusterSite site, string sink, long lines)
    {
        await Eventually.GetAsync(
            () => Task.FromResult(site.ReadSink(sink).Count), count => count >= lines, Limit, $"{lines} in {sink}");
        return [.. site.ReadSink(sink).Select(static line => JsonNode.Parse(line)!)];
    }
}
