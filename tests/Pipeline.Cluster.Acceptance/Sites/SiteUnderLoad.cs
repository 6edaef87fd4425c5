using System.Diagnostics;
using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>
/// A site with one stream of twelve partitions, spread evenly, and writers that go on over both fronts; what may be
/// done to its silos, and what must hold in the end.
/// </summary>
internal sealed class SiteUnderLoad<TSite> : IAsyncDisposable
    where TSite : SiloSite
{
    private const int Partitions = LoadedCluster.Partitions;
    private const string Stream = "readings";

    private static readonly TimeSpan Limit = LoadedCluster.Limit;

    private readonly string _definition;
    private readonly Dictionary<string, long> _also = [];
    private int _loads;
    private bool _isFinished;

    private SiteUnderLoad(TSite site, string definition)
    {
        (Site, _definition) = (site, definition);
        Load = NewLoad();
    }

    public TSite Site { get; }

    public KeyedLoad Load { get; private set; }

    /// <summary>All that was sent was found again, and the load has ended: another one may begin.</summary>
    public bool HasHeld { get; private set; }

    /// <summary>How many events of each key must be there.</summary>
    public IReadOnlyDictionary<string, long> Sent => Load.Sent.Concat(_also).ToDictionary();

    /// <summary>The site is from now on the load's: it ends with it.</summary>
    public static async Task<SiteUnderLoad<TSite>> StartAsync(TSite site, string definition, int silos)
    {
        var cluster = new SiteUnderLoad<TSite>(site, definition);
        try
        {
            await cluster.Site.DefineAsync("kept", definition);
            await cluster.BeginAsync(silos);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return cluster;
    }

    /// <summary>Another load, on silos and fronts as at the start.</summary>
    public async Task GoOnAsync()
    {
        foreach (var (key, events) in Load.Sent)
        {
            _also[key] = events;
        }

        (HasHeld, _isFinished, Load) = (false, false, NewLoad());
        await Site.RestoreAsync();
        await BeginAsync(SiloSite.Silos);
    }

    /// <summary>Waits until each of the silos serves its share of the partitions, ±1.</summary>
    public Task IsEvenAsync(int silos = SiloSite.Silos) => Site.IsEvenAsync(Stream, Partitions, Limit, silos);

    /// <summary>kill -9 of a silo that serves partitions; gives how long until all of them took events.</summary>
    public async Task<TimeSpan> KillAsync(int silo)
    {
        Assert.NotEmpty(await Site.PartitionsAsync(silo, Stream));
        var killed = Stopwatch.GetTimestamp();
        Site.Silo(silo).Kill();
        return await FlowAfterAsync(killed);
    }

    /// <summary>Kills one silo after the other and starts each again; gives how long until events flowed.</summary>
    public async Task<IReadOnlyList<TimeSpan>> KillInTurnAsync(int kills)
    {
        var flows = new List<TimeSpan>();
        for (var kill = 0; kill < kills; kill++)
        {
            var victim = kill % SiloSite.Silos;
            flows.Add(await Limits.MeasureAsync(Limits.Flow, async () =>
            {
                var flow = await KillAsync(victim);
                await StartAgainAsync(victim);
                return flow;
            }));
        }

        return flows;
    }

    /// <summary>Kills of silos lose nothing, repeat nothing and fail no request, and events soon flow again.</summary>
    public async Task SurvivesKillsAsync(int kills, ITestOutputHelper output)
    {
        var flows = await KillInTurnAsync(kills);
        output.WriteLine($"{Load.Accepted} events, {Load.Refused.Count} refused, flow after "
            + string.Join(", ", flows.Select(static flow => $"{flow.TotalSeconds:0.00} s")));
        await HoldsAsync();
        HasRefusedNothing();
        Limits.Holds(Limits.Flow, flows.Max(), "flow after a kill");
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
    /// SIGSTOP for a while, then SIGCONT; gives how long it took until its partitions took events elsewhere, and, once
    /// it woke, until it was ready again, in the same process. What it was before must append nothing, and say that it
    /// was declared dead.
    /// </summary>
    public async Task<(TimeSpan Flow, TimeSpan Back)> FreezeAsync(int silo, TimeSpan time)
    {
        var back = new List<TimeSpan>();
        var flow = await Limits.MeasureAsync(Limits.Move, async () =>
        {
            var (flowed, returned) = await FreezeOnceAsync(silo, time);
            back.Add(returned);
            return flowed;
        });
        return (flow, back.Order().ElementAt(back.Count / 2));
    }

    private async Task<(TimeSpan Flow, TimeSpan Back)> FreezeOnceAsync(int silo, TimeSpan time)
    {
        Assert.NotEmpty(await Site.PartitionsAsync(silo, Stream));
        var process = Site.Silo(silo);
        var address = await Site.AddressAsync(silo);
        var frozen = Stopwatch.GetTimestamp();
        await process.SignalAsync("STOP");
        await Task.Delay(time);
        var flow = await FlowAfterAsync(frozen);
        var before = await Site.ReadLogsAsync();
        var woken = Stopwatch.GetTimestamp();
        await process.SignalAsync("CONT");
        await Site.IsAnotherAsync(silo, address, Limit);
        var back = Stopwatch.GetElapsedTime(woken);
        Assert.False(process.HasExited, process.Output);
        Assert.Contains("I should be Dead", process.Output, StringComparison.Ordinal);
        await IsEvenAsync();
        (await Site.ReadLogsAsync()).HasNothingNewIn(before);
        return (flow, back);
    }

    /// <summary>kill -9 of everything at once; gives how long until it was started again and took events.</summary>
    public Task<TimeSpan> RestartAsync() => Limits.MeasureAsync(Limits.Restart, async () =>
    {
        var watch = Stopwatch.StartNew();
        Site.KillAll();
        await Site.StartAllAsync();
        await Load.AcceptedMoreAsync(1_000, Limit);
        return watch.Elapsed;
    });

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
    /// Ends the load: what was accepted is there once, in order, as either front shows it and as it lies on the stores,
    /// and no partition ever had two owners that committed.
    /// </summary>
    public async Task HoldsAsync()
    {
        await FinishLoadAsync();
        for (var front = 0; front < Site.Fronts.Count; front++)
        {
            using var client = Site.Client(front);
            await client.HoldsOnceAsync(Stream, Sent);
            if (_definition == LoadedCluster.Staged)
            {
                await Eventually.GetAsync(
                    () => client.CountAsync("kept.all"), count => count >= Sent.Values.Sum(), Limit, "the stage");
                await client.HoldsOnceAsync("kept.all", Sent);
            }
        }

        var logs = await Site.ReadLogsAsync();
        logs.HasOneOwnerAtATime();
        Assert.Equal(_definition == LoadedCluster.Staged ? 2 : 1, logs.Streams.Count);
        foreach (var stream in logs.Streams)
        {
            await ExactlyOnce.HoldsAsync(logs.Events(stream).ToAsyncEnumerable(), Sent);
        }

        HasHeld = true;
    }

    /// <summary>Events that came from elsewhere.</summary>
    public void AlsoSent(string key, long events) => _also[key] = events;

    public void HasRefusedNothing() =>
        Assert.True(Load.Refused.Count == 0, $"{Load.Refused.Count}: {string.Join("\n", Load.Refused.Take(5))}");

    /// <summary>How long after a moment the last of all partitions took events again.</summary>
    public async Task<TimeSpan> FlowAfterAsync(long moment)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (AcceptedRequest.FlowAfter(Load.Acknowledged, moment, Partitions) is { } flow)
            {
                return flow;
            }

            if (watch.Elapsed > Limit)
            {
                var silent = AcceptedRequest.SilentSince(Load.Acknowledged, moment, Partitions);
                Assert.Fail($"partitions {string.Join(", ", silent)} take no events; {Load.Failure}\n"
                    + $"{string.Join('\n', Load.Refused.TakeLast(5))}\n{Site.Output}");
            }

            await Task.Delay(50);
        }
    }

    public ValueTask DisposeAsync() => Site.DisposeAsync();

    private async Task BeginAsync(int silos)
    {
        await IsEvenAsync(silos);
        Load.Start();
        await Load.AcceptedMoreAsync(2_000, Limit);
    }

    /// <summary>Of each partition a key at least: else none would tell whether it takes events.</summary>
    private KeyedLoad NewLoad()
    {
        KeyedLoad load;
        do
        {
            load = OneLoad();
        }
        while (load.Keys.Select(PartitionOf).Distinct().Count() < Partitions);

        return load;
    }

    private static int PartitionOf(string key) =>
        KeySlot.Of(Encoding.UTF8.GetBytes(key)).Partition(Partitions);

    private KeyedLoad OneLoad() => new(Site.Fronts, Stream, writers: 8, keysPerWriter: 8, batch: 16)
    {
        Name = $"w{_loads++}-",
        Credential = Site.Key,
        Pause = Nightly.Pause,
    };
}
