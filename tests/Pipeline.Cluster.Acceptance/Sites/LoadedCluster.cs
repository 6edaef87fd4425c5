using System.Diagnostics;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Logs;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>
/// A cluster with one stream of twelve partitions, spread evenly, and writers that go on over both fronts; what may be
/// done to its silos, and what must hold in the end.
/// </summary>
internal sealed class LoadedCluster : IAsyncDisposable
{
    public const int Partitions = 12;

    /// <summary>A stream, and nothing that reads it.</summary>
    public const string Plain = """
        name: kept
        streams:
          readings: { partitions: 12, key: key }

        """;

    /// <summary>A stream, and a stage that writes all of it to another one.</summary>
    public const string Staged = Plain + """
        stages:
          all:
            query: SELECT key, seq FROM readings WHERE seq >= 0
            materialize: true

        """;

    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private const string Stream = "readings";

    private readonly string _definition;
    private readonly Dictionary<string, long> _also = [];
    private bool _isFinished;

    private LoadedCluster(ClusterSite site, string definition)
    {
        (Site, _definition) = (site, definition);
        Load = new KeyedLoad(site.Fronts, Stream, writers: 8, keysPerWriter: 8, batch: 16);
    }

    public ClusterSite Site { get; }

    public KeyedLoad Load { get; }

    /// <summary>How many events of each key must be there.</summary>
    public IReadOnlyDictionary<string, long> Sent => Load.Sent.Concat(_also).ToDictionary();

    public static async Task<LoadedCluster> StartAsync(
        string definition, int silos = ClusterSite.Silos, SiloNetwork? network = null)
    {
        var cluster = new LoadedCluster(await ClusterSite.StartAsync(silos, network), definition);
        try
        {
            await cluster.Site.DefineAsync("kept", definition);
            await cluster.IsEvenAsync(silos);
            cluster.Load.Start();
            await cluster.Load.AcceptedMoreAsync(2_000, Limit);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return cluster;
    }

    /// <summary>Waits until each of the silos serves its share of the partitions, ±1.</summary>
    public Task IsEvenAsync(int silos = ClusterSite.Silos) => Site.IsEvenAsync(Stream, Partitions, Limit, silos);

    /// <summary>kill -9 of a silo that serves partitions; gives how long until all of them took events.</summary>
    public async Task<TimeSpan> KillAsync(int silo)
    {
        Assert.NotEmpty(await Site.PartitionsAsync(silo, Stream));
        var killed = Stopwatch.GetTimestamp();
        Site.Silo(silo).Kill();
        return await FlowAfterAsync(killed);
    }

    /// <summary>SIGTERM; gives how long it took to end, and the slowest request meanwhile.</summary>
    public async Task<(TimeSpan Ended, TimeSpan Slowest)> StopAsync(int silo)
    {
        Assert.NotEmpty(await Site.PartitionsAsync(silo, Stream));
        var told = Stopwatch.GetTimestamp();
        await Site.Silo(silo).SignalAsync("TERM");
        Assert.Equal(0, await Site.Silo(silo).ExitsAsync(TimeSpan.FromSeconds(15)));
        var ended = Stopwatch.GetElapsedTime(told);
        await Load.AcceptedMoreAsync(1_000, Limit);
        return (ended, AcceptedRequest.SlowestSince(Load.Acknowledged, told));
    }

    /// <summary>
    /// SIGSTOP for a while, then SIGCONT; gives how long it took until its partitions took events. When it wakes it
    /// must append nothing, say that it was declared dead, and end.
    /// </summary>
    public async Task<TimeSpan> FreezeAsync(int silo, TimeSpan time)
    {
        Assert.NotEmpty(await Site.PartitionsAsync(silo, Stream));
        var frozen = Stopwatch.GetTimestamp();
        await Site.Silo(silo).SignalAsync("STOP");
        await Task.Delay(time);
        var flow = await FlowAfterAsync(frozen);
        var before = await LogEvidence.ReadAsync(Site.Slots);
        await Site.Silo(silo).SignalAsync("CONT");
        Assert.NotEqual(0, await Site.Silo(silo).ExitsAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("I should be Dead", Site.Silo(silo).Output, StringComparison.Ordinal);
        (await LogEvidence.ReadAsync(Site.Slots)).HasNothingNewIn(before);
        return flow;
    }

    /// <summary>kill -9 of everything at once; gives how long until it was started again and took events.</summary>
    public async Task<TimeSpan> RestartAsync()
    {
        var watch = Stopwatch.StartNew();
        Site.KillAll();
        await Site.StartAllAsync();
        await Load.AcceptedMoreAsync(1_000, Limit);
        return watch.Elapsed;
    }

    public async Task StartAgainAsync(int silo)
    {
        await Site.StartSiloAsync(silo);
        await IsEvenAsync();
    }

    /// <summary>Ends the load, after some more events.</summary>
    public async Task FinishLoadAsync()
    {
        if (!_isFinished)
        {
            _isFinished = true;
            await Load.AcceptedMoreAsync(1_000, Limit);
            await Load.StopAsync();
        }
    }

    /// <summary>
    /// Ends the load and everything else: what was accepted is there once, in order, as either front shows it and as
    /// it lies on the stores, and no partition ever had two owners that committed.
    /// </summary>
    public async Task HoldsAsync()
    {
        await FinishLoadAsync();
        foreach (var front in Site.Fronts)
        {
            using var client = new ServiceClient(front);
            await client.HoldsOnceAsync(Stream, Sent);
            if (_definition == Staged)
            {
                await Eventually.GetAsync(
                    () => client.CountAsync("kept.all"), count => count >= Sent.Values.Sum(), Limit, "the stage");
                await client.HoldsOnceAsync("kept.all", Sent);
            }
        }

        Site.KillAll();
        var logs = await LogEvidence.ReadAsync(Site.Slots);
        logs.HasOneOwnerAtATime();
        Assert.Equal(_definition == Staged ? 2 : 1, logs.Streams.Count);
        foreach (var stream in logs.Streams)
        {
            await ExactlyOnce.HoldsAsync(logs.Events(stream).ToAsyncEnumerable(), Sent);
        }
    }

    /// <summary>Events that came from elsewhere.</summary>
    public void AlsoSent(string key, long events) => _also[key] = events;

    public void HasRefusedNothing() =>
        Assert.True(Load.Refused.Count == 0, $"{Load.Refused.Count}: {string.Join("\n", Load.Refused.Take(5))}");

    private async Task<TimeSpan> FlowAfterAsync(long moment) => (await Eventually.GetAsync(
        () => Task.FromResult(AcceptedRequest.FlowAfter(Load.Acknowledged, moment, Partitions)),
        static flow => flow is not null,
        Limit,
        "every partition takes events")).GetValueOrDefault();

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
