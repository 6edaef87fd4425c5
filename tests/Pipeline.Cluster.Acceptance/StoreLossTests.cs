using Pipeline.Cluster.Acceptance.Sites;

namespace Pipeline.Cluster.Acceptance;

/// <summary>One of the three stores is lost, and then silos are as well; at night.</summary>
public sealed class StoreLossTests(ITestOutputHelper output)
{
    /// <summary>
    /// What was written when everything was killed the scrub finds, at 16 MiB/s over all stores: where many kills took
    /// their time there is a GiB a store.
    /// </summary>
    private static readonly TimeSpan IdenticalLimit = TimeSpan.FromMinutes(Nightly.IsOn ? 15 : 1);

    [Fact(Explicit = true)]
    public async Task Without_one_store_silos_are_killed_stopped_frozen_and_all_killed_at_once_and_nothing_is_lost()
    {
        await using var cluster = await LoadedCluster.StartAsync(LoadedCluster.Staged);
        cluster.Site.LoseStore('c');
        await cluster.Load.AcceptedMoreAsync(2_000, LoadedCluster.Limit);
        var flows = await cluster.KillInTurnAsync(Nightly.IsOn ? Nightly.Kills : 1);
        var (ended, slowest) = await cluster.StopAsync(1);
        await cluster.StartAgainAsync(1);
        var (frozen, _) = await cluster.FreezeAsync(2, TimeSpan.FromSeconds(Nightly.IsOn ? 20 : 8));
        cluster.HasRefusedNothing();
        var restart = await cluster.RestartAsync();
        output.WriteLine($"flow after {flows.Count} kills {flows.Max().TotalSeconds:0.00} s at most; stopped in "
            + $"{ended.TotalSeconds:0.0} s, slowest request {slowest.TotalSeconds:0.00} s; flow while frozen "
            + $"{frozen.TotalSeconds:0.00} s; all started again in {restart.TotalSeconds:0.0} s");
        cluster.Site.GiveStoreBack('c');
        await cluster.FinishLoadAsync();
        await cluster.Site.IsIdenticalAsync(IdenticalLimit);
        await cluster.HoldsAsync();
        Limits.Holds(Limits.Flow, flows.Max(), "flow after a kill");
        Limits.Holds(Limits.Pause, slowest, "slowest request while a silo stopped");
        Limits.Holds(Limits.Move, frozen, "flow while a silo was frozen");
        Limits.Holds(Limits.Restart, restart, "started again");
    }
}
