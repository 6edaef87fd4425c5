using System.Buffers;
using System.Diagnostics;
using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Logs;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Replication.Tests.Partitions;

/// <summary>
/// An exception in what a log does to the world, thrown by what its driver calls. The effects on stores are thrown from
/// one by one in <see cref="PartitionThrowTests"/>; nothing from outside runs in Committed and Release.
/// </summary>
public sealed class PartitionRestartTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(LogEffectKind.ReadManifest)]
    [InlineData(LogEffectKind.ProposeManifest)]
    [InlineData(LogEffectKind.Opened)]
    [InlineData(LogEffectKind.Dropped)]
    [InlineData(LogEffectKind.AddPart)]
    [InlineData(LogEffectKind.EncodeFrame)]
    [InlineData(LogEffectKind.Hash)]
    [InlineData(LogEffectKind.Reply)]
    public async Task An_exception_in_an_effect_stops_the_log_which_is_taken_over_anew(LogEffectKind effect)
    {
        await using var stores = await ThreeStores.FormatAsync();
        var faults = new LogHostFaults(effect switch
        {
            LogEffectKind.Opened => nameof(PartitionEvent.Serving),
            LogEffectKind.Dropped => nameof(PartitionEvent.StoreDropped),
            _ => $"{effect}",
        });
        if (effect is LogEffectKind.ReadManifest or LogEffectKind.ProposeManifest or LogEffectKind.Opened)
        {
            faults.Arm();
        }

        var isFailing = false;
        stores.Decorate(1, inner => new FaultyStore(inner, what =>
            isFailing && what == "append" ? new StoreFault(BlobStatus.StoreLost, IsDone: false) : StoreFault.None));
        using var hashes = new ThreadLoop("hashes", static fault => Assert.Fail(fault.ToString()));
        var options = new PartitionOptions
        {
            Log = new LogOptions { RollBytes = 3_000 },
            Background = new FaultyLoop(hashes, faults),
        };
        List<string> values;
        await using (var host = await LogHost.StartAsync(stores.Set, options: options, faults: faults))
        {
            await PartitionFaultTests.AppendUntilKnownAsync(host, "before");
            faults.Arm();
            isFailing = effect == LogEffectKind.Dropped;
            var poison = Poison(host, effect);
            for (var i = 0; !host.Told.Any(told => told.Fault.Source == FaultSource.Machine); i++)
            {
                await PartitionFaultTests.AppendUntilKnownAsync(host, $"during {i}");
            }

            isFailing = false;
            await PartitionFaultTests.AppendUntilKnownAsync(host, "after");
            await AssertAnsweredAsync(effect, poison);
            var (fault, isShown) = host.Told.First(told => told.Fault.Source == FaultSource.Machine);
            Assert.Equal(("log", "partition readings/0", true), (fault.Kind, fault.Name, isShown));
            Assert.Empty(host.Supervisor.Failing);
            Assert.Contains(host.Notices, notice => notice.Event == PartitionEvent.Failed);
            values = await host.ReadAsync();
        }

        AssertOnceInOrder([.. values], hasPoison: effect == LogEffectKind.Reply);
        await using var next = await LogHost.StartAsync(stores.Set, seed: 50);
        Assert.Equal(values, await next.ReadAsync());
    }

    [Fact]
    public async Task An_invariant_that_does_not_hold_stops_the_partition_for_good()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var host = await LogHost.StartAsync(stores.Set);
        host.Partition.Start();
        Assert.Equal(PartitionEvent.Alarm, (await host.Ended.WaitAsync(Limit)).Event);
        Assert.True(host.Partition.HasEnded);
        Assert.Equal(FaultSource.Machine, Assert.Single(host.Supervisor.Failing).Source);
        Assert.Equal(AppendStatus.NotAppended, (await host.AppendAsync("late")).Status);
    }

    [Fact]
    public async Task A_partition_that_fails_again_and_again_can_be_stopped()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var isBroken = false;
        for (var store = 0; store < 3; store++)
        {
            stores.Decorate(store, inner => new FaultyStore(inner, what =>
                isBroken && what == "create" ? throw new InvalidOperationException("planned") : StoreFault.None));
        }

        var options = new PartitionOptions { Log = new LogOptions { RollBytes = 1_000 } };
        var host = await LogHost.StartAsync(stores.Set, options: options);
        isBroken = true;
        while (host.Told.Count(static told => told.Fault.Source == FaultSource.Machine) < 3)
        {
            var outcome = await host.AppendAsync(new string('x', 500)).WaitAsync(Limit);
            Assert.Contains(
                outcome.Status,
                new[] { AppendStatus.Appended, AppendStatus.NotAppended, AppendStatus.OutcomeUnknown });
        }

        Assert.False(host.Partition.Status.IsServing);
        await host.DisposeAsync().AsTask().WaitAsync(Limit);
        Assert.True(host.Partition.HasEnded);
    }

    /// <summary>An append that makes the effect throw, where what is appended can do that.</summary>
    private static Task<AppendOutcome>? Poison(LogHost host, LogEffectKind effect)
    {
        switch (effect)
        {
            case LogEffectKind.AddPart:
                // Some of its events are there already, and the bytes are no part to leave them out of.
                var header = new PartHeader { HandleKind = HandleKind.Event };
                _ = host.Partition.AppendAsync(LogHost.Part(header, [Hash(1)], "first"), default).AsTask();
                var mixed = LogHost.Part(header, [Hash(1), Hash(2)], "first", "poison");
                return host.Partition.AppendAsync(mixed with { Part = new byte[100] }, default).AsTask();
            case LogEffectKind.EncodeFrame:
                var torn = LogHost.Part(default, "poison") with { Part = new TornMemory(100).Memory };
                return host.Partition.AppendAsync(torn, default).AsTask();
            case LogEffectKind.Reply:
                var before = SynchronizationContext.Current;
                SynchronizationContext.SetSynchronizationContext(new ClosedContext());
                try
                {
                    // Its context is asked only where there is no answer yet when it begins to wait.
                    host.Meanwhile(() =>
                        _ = host.Partition.AppendAsync(LogHost.Part(default, "poison"), default).AsTask());
                }
                finally
                {
                    SynchronizationContext.SetSynchronizationContext(before);
                }

                return null;
            default:
                return null;
        }
    }

    private static async Task AssertAnsweredAsync(LogEffectKind effect, Task<AppendOutcome>? poison)
    {
        if (poison is not null)
        {
            Assert.Equal((effect, AppendStatus.OutcomeUnknown), (effect, (await poison.WaitAsync(Limit)).Status));
        }
    }

    private static void AssertOnceInOrder(List<string> values, bool hasPoison)
    {
        Assert.Equal(values.Count, values.Distinct().Count());
        Assert.Equal(hasPoison, values.Remove("poison"));
        values.Remove("first");
        Assert.Equal("before", values[0]);
        Assert.Equal("after", values[^1]);
        Assert.Equal(Enumerable.Range(0, values.Count - 2).Select(i => $"during {i}"), values[1..^1]);
    }

    private static Hash128 Hash(int number) => Hash128.Of(Encoding.UTF8.GetBytes($"event {number}"));

    /// <summary>Memory that cannot be read.</summary>
    private sealed class TornMemory(int length) : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(length);

        public override Span<byte> GetSpan() => throw new InvalidOperationException("planned");

        public override MemoryHandle Pin(int elementIndex = 0) => throw new UnreachableException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }

    /// <summary>A caller whose own loop has ended: nothing can be posted to it.</summary>
    private sealed class ClosedContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) =>
            throw new InvalidOperationException("planned");
    }
}
