using System.Text;
using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance;

/// <summary>Two processes on one data directory: the second takes over.</summary>
public sealed class TakeoverTests
{
    [Fact]
    public async Task A_second_process_takes_over_and_the_first_exits_with_3_and_one_clear_line()
    {
        using var site = new Site();
        site.Define("plain", LoadDefinitions.Stream);
        await using var first = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        Assert.True((await client.PostAsync("readings", "{\"key\":\"k\",\"seq\":0}"u8.ToArray(), "a")).IsOk);

        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        await using var second = StandaloneProcess.Start(site, address);
        await second.AcceptsAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(3, await first.ExitsAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("took over", first.Output, StringComparison.OrdinalIgnoreCase);

        using var other = new ServiceClient(address);
        Assert.True((await other.PostAsync("readings", Encoding.UTF8.GetBytes("{\"key\":\"k\",\"seq\":1}"), "b")).IsOk);
        await other.HoldsOnceAsync("readings", new Dictionary<string, long> { ["k"] = 2 });
    }
}
