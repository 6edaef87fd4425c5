using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance;

/// <summary>A service that other machines can reach: the program in a network namespace, clients outside.</summary>
public sealed class AccessTests
{
    private const string Definition = "name: plain\nstreams:\n  readings: { partitions: 2, key: key }\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly byte[] Event = "{\"key\":\"k\",\"seq\":0}\n"u8.ToArray();

    [Fact]
    public async Task A_service_that_other_machines_reach_serves_who_has_a_key_and_nobody_else()
    {
        await using var machine = await NetworkNamespace.CreateAsync();
        using var site = new Site { Prefix = machine.Command };
        site.Define("plain", Definition);
        var producer = await MakeKeyAsync(site, "sensors", "producer:readings");
        var reader = await MakeKeyAsync(site, "board", "reader");
        var address = new Uri($"http://{machine.Inside}:8080");
        await using var host = StandaloneProcess.Start(site, new Uri("http://0.0.0.0:8080"), address);
        await host.AcceptsAsync(Limit);

        using var client = new ServiceClient(address) { Key = null };
        Assert.Equal((401, "unauthenticated"), Told(await client.PostAsync("readings", Event)));
        client.Key = reader;
        Assert.Equal((403, "forbidden"), Told(await client.PostAsync("readings", Event)));
        Assert.Equal(0, await client.CountAsync("readings"));
        client.Key = producer;
        Assert.True((await client.PostAsync("readings", Event)).IsOk);
        Assert.Equal((403, "forbidden"), Told(await client.GetAsync("v1/streams/readings")));
        client.Key = reader;
        Assert.Equal(1, await client.CountAsync("readings"));
        await StatusAsync(address, reader);
        Assert.Equal(0, await host.StopAsync());
        Assert.DoesNotContain(producer, host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_in_the_place_of_its_hash_ends_the_start_and_is_not_printed()
    {
        using var site = new Site();
        site.Variables["Pipeline__Auth__Keys__sensors__Hash"] = "the-key-itself-of-somebody";
        site.Variables["Pipeline__Auth__Keys__sensors__Roles"] = "writer";
        await using var host = StandaloneProcess.Start(site, site.Address);
        Assert.Equal(2, await host.ExitsAsync(Limit));
        Assert.Contains("sensors:Hash must be 64 hexadecimal digits", host.Output, StringComparison.Ordinal);
        Assert.Contains("'writer' is no role", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("the-key-itself", host.Output, StringComparison.Ordinal);
    }

    /// <summary>A key by the command line, and its settings for the service.</summary>
    private static async Task<string> MakeKeyAsync(Site site, string name, string roles)
    {
        var lines = (await Command.MustRunAsync(Built.Cli, "key", name, "--roles", roles))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var setting in lines.Where(static line => line.StartsWith("Pipeline__", StringComparison.Ordinal)))
        {
            var parts = setting.Split('=', 2);
            site.Variables[parts[0]] = parts[1];
        }

        return lines.Single(static line => line.StartsWith("pipeline_", StringComparison.Ordinal));
    }

    private static async Task StatusAsync(Uri address, string key)
    {
        var (refused, problem) = await Command.RunAsync(Built.Cli, "status", "--url", $"{address}");
        Assert.True(refused != 0 && problem.Contains("Authorization: Bearer", StringComparison.Ordinal), problem);
        var shown = await Command.MustRunAsync(Built.Cli, "status", "--url", $"{address}", "--key", key);
        Assert.Contains("readings", shown, StringComparison.Ordinal);
    }

    private static (int Status, string? Problem) Told(Answer answer) => (answer.Status, answer.Problem);
}
