using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Grains.Keeping;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Tests.Silos;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Grains.Tests.Clients;

/// <summary>What a front does where a call is never answered, as by a silo that is frozen.</summary>
public sealed class SilentCallTests
{
    private const string Definition = "name: p\nstreams: { s: { partitions: 2 } }\n";

    /// <summary>A change answers within 10 s; the machine may be busy.</summary>
    private static readonly TimeSpan Answered = TimeSpan.FromSeconds(12);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_whose_first_call_is_never_answered_is_asked_for_again_and_made_once(bool isCarriedOut)
    {
        var calls = new SilentCalls(nameof(IKeeperGrain.ApplyAsync), times: 1, isCarriedOut);
        await using var world = await GrainWorld.StartAsync(
            silos: 2, with: services => services.AddSingleton<IIncomingGrainCallFilter>(calls));
        using var end = calls;
        await using var front = await Front.StartAsync(world);
        var watch = Stopwatch.StartNew();
        var outcome = await front.Engine.Pipelines.ApplyAsync(new ApplyRequest { Text = Definition }, default);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Answered);
        Assert.Equal(1, calls.Silenced);
        Assert.Equal(ApplyStatus.Applied, outcome.Status);
        Assert.Equal(1, outcome.Pipeline!.Generation);
    }

    [Fact]
    public async Task A_deletion_whose_first_call_is_never_answered_is_done()
    {
        var calls = new SilentCalls(nameof(IKeeperGrain.CarryOutAsync), times: 1, isCarriedOut: true);
        await using var world = await GrainWorld.StartAsync(
            with: services => services.AddSingleton<IIncomingGrainCallFilter>(calls));
        using var end = calls;
        await world.ApplyAsync(Definition);
        await using var front = await Front.StartAsync(world);
        var watch = Stopwatch.StartNew();
        var outcome = await front.Engine.Pipelines.DeleteAsync("p", true, null, default);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Answered);
        Assert.Equal(PipelineOutcomeStatus.Done, outcome.Status);
        Assert.Empty(front.Engine.Pipelines.List());
    }

    [Fact]
    public async Task Reading_a_partition_that_nobody_answers_for_is_given_up_soon()
    {
        var calls = new SilentCalls(nameof(IPartitionGrain.ReadAsync), times: int.MaxValue, isCarriedOut: false);
        await using var world = await GrainWorld.StartAsync(
            with: services => services.AddSingleton<IIncomingGrainCallFilter>(calls));
        using var end = calls;
        await world.ApplyAsync(Definition);
        var watch = Stopwatch.StartNew();
        var read = await world.Partition("s", 0).ReadAsync(new ReadRequest(), default);
        Assert.Equal(ReadStatus.Unavailable, read.Status);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Answered);
    }

    [Fact]
    public async Task Finding_a_time_in_a_partition_that_nobody_answers_for_is_given_up_soon()
    {
        var calls = new SilentCalls(nameof(IPartitionGrain.FindAsync), times: int.MaxValue, isCarriedOut: false);
        await using var world = await GrainWorld.StartAsync(
            with: services => services.AddSingleton<IIncomingGrainCallFilter>(calls));
        using var end = calls;
        await world.ApplyAsync(Definition);
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAsync<TimeoutException>(async () => await world.Partition("s", 0).FindAsync(1, default));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Answered);
    }

    /// <summary>The first calls of a method get no answer, whether they are carried out or not.</summary>
    private sealed class SilentCalls(string method, int times, bool isCarriedOut)
        : IIncomingGrainCallFilter, IDisposable
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = times;
        private int _silenced;

        public int Silenced => Volatile.Read(ref _silenced);

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.InterfaceMethod.Name != method || Interlocked.Decrement(ref _left) < 0)
            {
                await context.Invoke();
                return;
            }

            Interlocked.Increment(ref _silenced);
            if (isCarriedOut)
            {
                await context.Invoke();
            }

            await _end.Task;
        }

        /// <summary>A silo does not end while calls are at work.</summary>
        public void Dispose() => _end.TrySetResult();
    }
}
