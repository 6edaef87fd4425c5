using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Acceptance;

/// <summary>
/// The same service over three Azure Blob accounts (Azurite): the service is killed, the stores are not.
/// </summary>
public sealed class AzureBlobTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Over_three_blob_accounts_kills_lose_nothing_and_repeat_nothing()
    {
        var first = await Azurite.StartAsync(0);
        var second = await Azurite.StartAsync(1);
        var third = await Azurite.StartAsync(2);
        using var site = new Site();
        foreach (var (name, account) in new[] { ("a", first), ("b", second), ("c", third) })
        {
            site.Arguments.Add("--store");
            site.Arguments.Add($"{name}={account.ConnectionString}Container=pipeline");
        }

        site.Define("kept", LoadDefinitions.Files(Path.Combine(site.Data, "out")));
        var host = await site.StartAsync();
        var load = new KeyedLoad(site.Address, "readings", writers: 2, keysPerWriter: 8, batch: 50);
        load.Start();
        for (var kill = 0; kill < 3; kill++)
        {
            await load.AcceptedMoreAsync(500, Limit);
            await host.DisposeAsync();
            host = await site.StartAsync();
        }

        await load.AcceptedMoreAsync(500, Limit);
        await load.StopAsync();
        using var client = new ServiceClient(site.Address);
        await client.HoldsOnceAsync("readings", load.Sent);
        await Eventually.GetAsync(
            () => client.CountAsync("kept.all"), count => count >= load.Accepted, Limit, "the stage has caught up");
        await client.HoldsOnceAsync("kept.all", load.Sent);
        await host.DisposeAsync();
    }
}
