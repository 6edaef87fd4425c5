using System.Diagnostics;
using System.Text.Json.Nodes;
using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Telemetry;

namespace Pipeline.Acceptance;

/// <summary>Prometheus itself against the host itself.</summary>
public sealed class MonitoringTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Promtool_finds_nothing_to_mend_in_the_metrics_and_the_list_has_all_of_them()
    {
        Requires.Prometheus();
        using var site = new Site();
        await using var host = await StartAsync(site);
        using var client = new HttpClient { BaseAddress = site.Address };
        var text = await client.GetStringAsync("metrics", TestContext.Current.CancellationToken);

        var file = Path.Combine(site.Folder, "metrics.txt");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var checkedAll = await Command.MustRunAsync("/bin/sh", "-c", $"promtool check metrics < '{file}'");
        Assert.Equal("", checkedAll.Trim());
        var families = text.Split('\n').Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(static line => line.Split(' ')[2]).ToArray();
        Assert.True(families.Length > DocumentedMetrics.All.Count, text);
        Assert.Empty(families.SelectMany(DocumentedMetrics.Unknown));
    }

    [Fact]
    public async Task Prometheus_scrapes_the_host_and_its_rules_fire_when_a_store_is_lost()
    {
        Requires.Prometheus();
        using var site = new Site();
        await using var host = await StartAsync(site);
        using var prometheus = Start(site, out var address);
        using var client = new HttpClient { BaseAddress = address };
        try
        {
            await Eventually.GetAsync(
                () => ValueAsync(client, "up"), static value => value == "1", Limit, "the host is scraped");
            await Eventually.GetAsync(
                () => ValueAsync(client, "sum(pipeline_store_healthy)"), static value => value == "3", Limit, "stores");
            Directory.Move(site.Store(3), site.Store(3) + ".lost");
            await File.WriteAllTextAsync(site.Store(3), "no directory", TestContext.Current.CancellationToken);
            await Eventually.GetAsync(
                async () =>
                {
                    using var service = new ServiceClient(site.Address);
                    await service.PostAsync("readings", """{"key":"k","place":"p","seq":0}"""u8.ToArray());
                    return await ValueAsync(client, "ALERTS{alertname=\"store-lost\",store=\"3\"}");
                },
                static value => value == "1",
                Limit,
                "the alert is pending");
        }
        finally
        {
            prometheus.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_wrong_setting_of_alerts_ends_the_start_and_is_named()
    {
        using var site = new Site();
        site.Variables["Pipeline__Alerts__Webhook__ops__Url"] = "nowhere";
        site.Variables["Pipeline__Alerts__Rules__lag__For"] = "long";
        await using var host = StandaloneProcess.Start(site, site.Address);

        Assert.Equal(2, await host.ExitsAsync(Limit));
        Assert.Contains("Pipeline:Alerts:Webhook:ops:Url must be", host.Output, StringComparison.Ordinal);
        Assert.Contains("Pipeline:Alerts:Rules:lag:For must be", host.Output, StringComparison.Ordinal);
    }

    private static async Task<StandaloneProcess> StartAsync(Site site)
    {
        site.Define("exchanged", LoadDefinitions.Exchanged(Path.Combine(site.Data, "out")));
        var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        Assert.True((await client.PostAsync("readings", """{"key":"k","place":"p","seq":0}"""u8.ToArray(), "a")).IsOk);
        return host;
    }

    private static Process Start(Site site, out Uri address)
    {
        var rules = Path.Combine(Built.Root, "infra", "monitoring", "alerts.yaml");
        var config = Path.Combine(site.Folder, "prometheus.yml");
        File.WriteAllText(config, $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: ['{{rules}}']
            scrape_configs:
              - job_name: pipeline
                static_configs: [{ targets: ['{{site.Address.Authority}}'] }]
            """);
        address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        string[] arguments =
        [
            $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(site.Folder, "tsdb")}",
            $"--web.listen-address={address.Authority}", "--log.level=error",
        ];
        return Process.Start(new ProcessStartInfo("/usr/bin/prometheus", arguments))!;
    }

    /// <summary>The value of the first series; "" where there is none, or Prometheus is not there yet.</summary>
    private static async Task<string> ValueAsync(HttpClient client, string query)
    {
        try
        {
            var answer = await client.GetStringAsync($"api/v1/query?query={Uri.EscapeDataString(query)}");
            var found = JsonNode.Parse(answer)!["data"]!["result"]!.AsArray();
            return found.Count == 0 ? "" : (string)found[0]!["value"]![1]!;
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }
}
