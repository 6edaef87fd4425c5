using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;

namespace Pipeline.Cluster.Acceptance.Versions;

/// <summary>Two versions side by side: one silo after the other is replaced, and one goes back.</summary>
[Collection(SilosUnderLoadGroup.Name)]
public sealed class RollingUpgradeTests(SilosUnderLoad silos, ITestOutputHelper output)
{
    [Fact(Explicit = true)] // it builds the next version first: at night
    public async Task Silos_are_replaced_by_the_next_version_one_by_one_and_back_and_no_request_fails()
    {
        var next = await NextVersion.BuildAsync();
        var cluster = await silos.BeginAsync();
        var site = cluster.Site;
        List<TimeSpan> slowest = [await ReplaceAsync(cluster, 0, next.Silo)];

        // A front of the next version, over silos of both.
        await site.StartFrontAsync(ClusterSite.SpareFront, next.Ingest);
        using var front = new ServiceClient(site.AddressOfFront(ClusterSite.SpareFront));
        var posted = await front.PostUntilAcceptedAsync(
            "readings", "{\"key\":\"next\",\"seq\":0}\n"u8.ToArray(), "next", LoadedCluster.Limit);
        Assert.Equal(1, (int)posted.Json["accepted"]!);
        var again = await front.PostAsync("readings", "{\"key\":\"next\",\"seq\":0}\n"u8.ToArray(), "next");
        Assert.Equal(1, (int)again.Json["duplicates"]!);
        cluster.AlsoSent("next", 1);

        slowest.Add(await ReplaceAsync(cluster, 1, next.Silo));
        slowest.Add(await ReplaceAsync(cluster, 2, next.Silo));
        slowest.Add(await ReplaceAsync(cluster, 0, program: null));
        await cluster.FinishLoadAsync();
        await front.HoldsOnceAsync("readings", cluster.Sent);
        cluster.HasRefusedNothing();
        await cluster.HoldsAsync();
        Limits.Holds(Limits.Pause, slowest.Max(), "slowest request while a silo stopped");
    }

    private async Task<TimeSpan> ReplaceAsync(SiteUnderLoad<ClusterSite> cluster, int silo, string? program)
    {
        var (ended, slowest) = await cluster.StopAsync(silo);
        await cluster.Site.StartSiloAsync(silo, program);
        await cluster.IsEvenAsync();
        output.WriteLine($"silo {silo}: {(program is null ? "back" : "next version")}, stopped in "
            + $"{ended.TotalSeconds:0.0} s, slowest request {slowest.TotalSeconds:0.00} s");
        return slowest;
    }
}
