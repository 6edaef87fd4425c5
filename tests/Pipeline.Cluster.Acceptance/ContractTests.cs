using System.Net.Http.Headers;
using System.Text;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance;

/// <summary>The HTTP contract where a cluster answers: what one front did, the other one shows.</summary>
public sealed class ContractTests
{
    private const string Definition = """
        name: plain
        streams:
          readings: { partitions: 4, key: key }
        stages:
          positive:
            query: SELECT key, seq FROM readings WHERE seq > 0
            materialize: true
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Fronts_answer_as_the_contract_says_and_show_what_the_other_did()
    {
        await using var site = await ClusterSite.StartAsync();
        using var one = new ServiceClient(site.Fronts[0]);
        using var two = new ServiceClient(site.Fronts[1]);
        await PipelinesAsync(site, one, two);
        await EventsAsync(one, two);
        await ProducersAsync(site);
        await LifecycleAsync(site, two);
    }

    private static async Task PipelinesAsync(ClusterSite site, ServiceClient one, ServiceClient two)
    {
        Assert.Equal(404, (await two.PostAsync("readings", Event(1))).Status);
        Assert.Equal(400, (await one.PutDefinitionAsync("plain", "name: plain\nstages: 7\n")).Status);
        Assert.Equal(400, (await one.PutDefinitionAsync("other", Definition)).Status);
        await site.DefineAsync("plain", Definition);
        Assert.Equal("plain", (string?)(await two.GetAsync("v1/pipelines/plain")).Json["name"]);
        var taken = Definition.Replace("name: plain", "name: taken", StringComparison.Ordinal);
        Assert.Equal(409, (await two.PutDefinitionAsync("taken", taken)).Status);
        Assert.Equal(404, (await two.GetAsync("v1/pipelines/none")).Status);
    }

    private static async Task EventsAsync(ServiceClient one, ServiceClient two)
    {
        var first = await one.PostUntilAcceptedAsync("readings", Event(1), "h", Limit);
        var again = await two.PostAsync("readings", Event(1), "h");
        Assert.Equal((0, 1), ((int)again.Json["accepted"]!, (int)again.Json["duplicates"]!));
        Assert.Equal(first.Json["positions"]!.ToJsonString(), again.Json["positions"]!.ToJsonString());
        Assert.Equal("key-reused", (await two.PostAsync("readings", Event(2), "h")).Problem);
        Assert.Equal("missing-key", (await two.PostAsync("readings", "{\"seq\":1}\n"u8.ToArray())).Problem);
        Assert.Equal("malformed", (await two.PostAsync("readings", "{\n"u8.ToArray())).Problem);
        var partition = (int)first.Json["positions"]![0]!["partition"]!;
        var read = await two.GetAsync($"v1/streams/readings/events?partition={partition}&from=0");
        Assert.Contains("\"seq\":1", read.Body, StringComparison.Ordinal);
        Assert.Equal(1, await two.CountAsync("readings"));
        Assert.True((await two.PostWatermarkAsync("readings", "2026-01-01T00:00:00Z")).IsOk);
        await Eventually.GetAsync(
            () => two.CountAsync("plain.positive"), static count => count == 1, Limit, "the stage has passed it on");
    }

    private static async Task ProducersAsync(ClusterSite site)
    {
        using var http = new HttpClient();
        async Task<(int, string)> SendAsync(int front, long sequence)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Post, new Uri(site.Fronts[front], "v1/streams/readings/events"))
            {
                Content = new ByteArrayContent(Event(sequence)),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            request.Headers.Add("Producer-Id", "p");
            request.Headers.Add("Producer-Sequence", $"{sequence}");
            using var answer = await http.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(200, (await SendAsync(0, 0)).Item1);
        Assert.Equal(200, (await SendAsync(1, 1)).Item1);
        var (status, body) = await SendAsync(0, 3);
        Assert.Equal(409, status);
        Assert.Contains("\"expected\":2", body, StringComparison.Ordinal);
        Assert.Contains("\"duplicates\":1", (await SendAsync(0, 1)).Item2, StringComparison.Ordinal);
    }

    private static async Task LifecycleAsync(ClusterSite site, ServiceClient two)
    {
        using var http = new HttpClient { BaseAddress = site.Fronts[0] };
        async Task<int> PostAsync(string path) => (int)(await http.PostAsync(path, null)).StatusCode;

        Assert.Equal(200, await PostAsync("v1/pipelines/plain/pause"));
        await Eventually.IsTrueAsync(() => StatesAreAsync(two, "paused"), Limit, "paused");
        Assert.Equal(200, await PostAsync("v1/pipelines/plain/resume"));
        await Eventually.IsTrueAsync(() => StatesAreAsync(two, "running"), Limit, "running");
        Assert.Equal(501, await PostAsync("v1/pipelines/plain/savepoints"));
        Assert.True((await two.GetAsync("v1/pipelines/plain/dead-letters")).IsOk);
        using var deleted = await http.DeleteAsync("v1/pipelines/plain?streams=delete");
        Assert.True(deleted.IsSuccessStatusCode, await deleted.Content.ReadAsStringAsync());
        Assert.Equal(404, (await two.GetAsync("v1/streams/readings")).Status);
    }

    private static async Task<bool> StatesAreAsync(ServiceClient client, string state)
    {
        var text = (await client.GetAsync("v1/pipelines/plain")).Body;
        var states = text.Split("\"state\":")[1..];
        return states.Length == 4 && states.All(
            rest => rest.StartsWith($"\"{state}\"", StringComparison.Ordinal));
    }

    private static byte[] Event(long number) => Encoding.UTF8.GetBytes($"{{\"key\":\"k\",\"seq\":{number}}}\n");
}
