using Pipeline.Acceptance.Hosts;
using Pipeline.Acceptance.Loads;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Telemetry;

namespace Pipeline.Acceptance;

/// <summary>What a collector sees, where the standard variables name one.</summary>
public sealed class TelemetryTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private const string Way = "POST /v1/streams/{stream}/events > append readings > process readings"
        + " > append exchanged.first > process exchanged.first > append exchanged.second > process exchanged.second";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_collector_gets_one_trace_from_a_post_through_two_stages_to_a_sink()
    {
        using var collector = new OtlpCollector();
        using var site = Exporting(collector);
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address) { TraceParent = $"00-{Trace}-00f067aa0ba902b7-01" };
        var answer = await client.PostAsync("readings", """{"key":"k","place":"p","seq":0}"""u8.ToArray(), "a");
        Assert.True(answer.IsOk, $"{answer}");

        await Eventually.GetAsync(
            () => Task.FromResult(TracePath.Longest(collector.Spans, Trace)),
            static way => way == Way,
            Limit,
            $"the way {Way}");
    }

    private static Site Exporting(OtlpCollector collector)
    {
        var site = new Site();
        site.Define("exchanged", Definitions.Exchanged(Path.Combine(site.Folder, "out")));
        foreach (var (name, value) in collector.Variables)
        {
            site.Variables[name] = value;
        }

        return site;
    }
}
