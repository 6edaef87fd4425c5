using System.Text.RegularExpressions;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Logs;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Replication.Tests.Partitions;

/// <summary>Every call of a log on its stores throws, one after the other.</summary>
public sealed partial class PartitionThrowTests
{
    /// <summary>The effects that call stores, by what carries them out.</summary>
    private static readonly string[] Effects =
    [
        "AppendAsync", "CompareAsync", "CreateAsync", "SealAndReadAsync", "LoadAsync", "FixAsync", "StoreIndexAsync",
        "DeleteBelowAsync", "DeleteIndexAsync",
    ];

    private const int LivesAtOnce = 4;

    private static readonly PartitionOptions Options = new()
    {
        Log = new LogOptions { RollBytes = 1_500, MaxClosedSegments = 1 },
        CacheBytes = 1,
    };

    [Fact]
    public async Task Whichever_store_call_throws_it_is_said_and_nothing_is_lost_or_repeated()
    {
        var reached = new HashSet<string>();
        var healthy = new Calls("", 0);
        await RunAsync(healthy, reached);
        var calls = healthy.Counts.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .SelectMany(pair => Enumerable.Range(1, pair.Value).Select(number => (Kind: pair.Key, Number: number)))
            .ToList();

        // Each life has stores of its own, and waits for most of its time.
        await Parallel.ForEachAsync(
            calls,
            new ParallelOptions { MaxDegreeOfParallelism = LivesAtOnce },
            async (call, _) => await RunAsync(new Calls(call.Kind, call.Number), reached));

        // Which call of a kind is whose depends on which store is fastest: until each effect had its turn.
        var log = calls.Where(static call => !call.Kind.EndsWith(" register", StringComparison.Ordinal)).ToList();
        for (var more = 0; Effects.Except(reached).Any(); more++)
        {
            Assert.True(more < 10 * log.Count, $"nothing was thrown in {string.Join(", ", Effects.Except(reached))}");
            await RunAsync(new Calls(log[more % log.Count].Kind, log[more % log.Count].Number), reached);
        }
    }

    /// <summary>
    /// One life of a log: it rolls, is trimmed, loses its process while one store lags, is taken over, and does not
    /// know whether a store has what it sent.
    /// </summary>
    private static async Task RunAsync(Calls calls, HashSet<string> reached)
    {
        await using var stores = await ThreeStores.FormatAsync();
        for (var store = 0; store < 3; store++)
        {
            var number = store;
            stores.Decorate(store, inner => new FaultyStore(
                inner, (what, blob) => calls.Decide(number, what, blob)));
        }

        var expected = new List<string>();
        var first = await LogHost.StartAsync(stores.Set, options: Options);
        calls.IsCounting = true;
        for (var i = 0; i < 9; i++)
        {
            await AppendAsync(first, expected, $"{i} {new string('x', 300)}");
        }

        await TrimAsync(first, expected);
        calls.Lags = true;
        await AppendAsync(first, expected, "while one lags");
        first.Kill();
        calls.Lags = false;
        var second = await LogHost.StartAsync(stores.Set, seed: 20, options: Options);
        await AppendAsync(second, expected, "after the takeover");
        calls.LosesAnswer = true;
        await AppendAsync(second, expected, "whose answer is lost");
        for (var i = 0; i < 3; i++)
        {
            // Time enough to ask the store what it has.
            await Task.Delay(25);
            await AppendAsync(second, expected, $"last {i}");
        }

        calls.IsCounting = false;
        AssertSaid([.. first.Told, .. second.Told], reached);
        await AssertHoldsAsync(second, expected);
        await second.DisposeAsync();
        await using var third = await LogHost.StartAsync(stores.Set, seed: 40, options: Options);
        await AssertHoldsAsync(third, expected);
        Assert.Empty(third.Told);
    }

    private static async Task AppendAsync(LogHost host, List<string> expected, string value)
    {
        expected.Add(value);
        await PartitionFaultTests.AppendUntilKnownAsync(host, value);
    }

    /// <summary>
    /// Asks until it is done, as retention does, while more comes; what is asked for may be cut off by the fault.
    /// </summary>
    private static async Task TrimAsync(LogHost host, List<string> expected)
    {
        for (var attempt = 0; host.Partition.Status.First.Value == 0; attempt++)
        {
            Assert.True(attempt < 1_000, "it is not trimmed");
            try
            {
                await host.Partition.TrimAsync(host.Partition.Status.Committed, default);
            }
            catch (InvalidOperationException planned) when (planned.Message == "planned")
            {
                // Asked again.
            }

            await AppendAsync(host, expected, $"more {attempt} {new string('x', 300)}");
        }
    }

    private static async Task AssertHoldsAsync(LogHost host, List<string> expected)
    {
        var from = (int)host.Partition.Status.First.Value;
        Assert.InRange(from, 1, expected.Count);
        Assert.Equal(expected[from..], await host.ReadAsync(from));
    }

    private static void AssertSaid(IReadOnlyList<(Fault Fault, bool IsShown)> told, HashSet<string> reached)
    {
        foreach (var (fault, isShown) in told)
        {
            Assert.Equal("planned", fault.Exception.Message);
            Assert.Equal(fault.Source == FaultSource.Machine && fault.Kind == "log", isShown);
            var thrown = EffectMethod().Matches(fault.Exception.StackTrace ?? "").Select(m => m.Groups[1].Value);
            lock (reached)
            {
                reached.UnionWith(thrown);
            }
        }

        // One fault is said once; a reader that asked for what it read is told itself.
        Assert.True(told.Count <= 1);
    }

    [GeneratedRegex(@"Store(?:Effects|Work)\.(\w+)\(")]
    private static partial Regex EffectMethod();

    /// <summary>
    /// Counts the calls on all stores by what they do to which kind of blob, throws one, and has one store lag or lose
    /// an answer.
    /// </summary>
    private sealed class Calls(string kind, int throwing)
    {
        private readonly Lock _lock = new();

        public Dictionary<string, int> Counts { get; } = [];

        public bool IsCounting { get; set; }

        public bool Lags { get; set; }

        public bool LosesAnswer { get; set; }

        public StoreFault Decide(int store, string what, string blob)
        {
            lock (_lock)
            {
                var called = $"{what} {KindOf(blob)}";
                if (IsCounting)
                {
                    var count = Counts[called] = Counts.GetValueOrDefault(called) + 1;
                    if (called == kind && count == throwing)
                    {
                        throw new InvalidOperationException("planned");
                    }
                }

                if (what == "append" && store == 2 && Lags)
                {
                    return new StoreFault(BlobStatus.Unavailable, IsDone: false);
                }

                if (what == "append" && store == 0 && LosesAnswer)
                {
                    LosesAnswer = false;
                    return new StoreFault(BlobStatus.Unavailable);
                }

                return StoreFault.None;
            }
        }

        private static string KindOf(string blob) =>
            blob.StartsWith("registers/", StringComparison.Ordinal) ? "register"
            : blob.EndsWith(LogNames.FixSuffix, StringComparison.Ordinal) ? "fix"
            : blob.Contains("index", StringComparison.Ordinal) ? "index"
            : "segment";
    }
}
