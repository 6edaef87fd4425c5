using System.Globalization;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Event time of a stream that gets no events any more.</summary>
public sealed class QuietStreamTests
{
    private const string Counts = """
        stages:
          counts:
            query: SELECT k, COUNT(*) AS n FROM raw GROUP BY k, TumblingWindow(second, 10)
        """;

    private const string History = "1970-01-01T00:00:01Z";

    [Theory]
    [InlineData("partitions: 1, key: k, time: at, idle: 1s", History)]
    [InlineData("partitions: 4, key: k, time: at, idle: 1s", History)]
    [InlineData("partitions: 2, time: at, idle: 1s", History)]
    [InlineData("partitions: 1, key: k, time: at", null)]
    [InlineData("partitions: 4, key: k", null)]
    public async Task The_last_window_of_a_stream_that_ends_closes_by_itself(string stream, string? at)
    {
        await using var stores = await ThreeStores.FormatAsync();
        var time = new FastTime(20);
        await using var world = await PipelineWorld.StartAsync(stores, time: time);
        await world.ApplyAsync($"name: t\nstreams: {{ raw: {{ {stream} }} }}\n{Counts}");
        await AppendAsync(world, "a", at ?? Text(time.GetUtcNow()));
        Assert.EndsWith("""{"k":"x","n":1}""", Assert.Single(await world.ReadAsync("t.counts", 1)));
    }

    [Fact]
    public async Task It_closes_after_a_restart_in_the_middle_of_the_rest_too()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var time = new FastTime(20);
        await using (var world = await PipelineWorld.StartAsync(stores, time: time))
        {
            await world.ApplyAsync($"name: t\nstreams: {{ raw: {{ key: k, time: at }} }}\n{Counts}");
            await AppendAsync(world, "a", Text(time.GetUtcNow()));
        }

        await using var again = await PipelineWorld.StartAsync(stores, seed: 2, time: time);
        Assert.EndsWith("""{"k":"x","n":1}""", Assert.Single(await again.ReadAsync("t.counts", 1)));
    }

    [Theory]
    [InlineData("idle: never", null)]
    [InlineData("retention: 100d", History)]
    public async Task Time_waits_where_it_is_told_to_and_for_the_next_event_of_a_history(string option, string? at)
    {
        await using var stores = await ThreeStores.FormatAsync();
        var time = new FastTime(100);
        await using var world = await PipelineWorld.StartAsync(stores, time: time);
        await world.ApplyAsync($"name: t\nstreams: {{ raw: {{ key: k, time: at, {option} }} }}\n{Counts}");
        var sent = at is null ? time.GetUtcNow() : DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        await AppendAsync(world, "a", Text(sent));
        await world.UntilAsync("t", status => status.Instances.Any(i => i.Watermark == sent.UtcTicks));
        await Task.Delay(TimeSpan.FromSeconds(2)); // 200 of the world's seconds, more than six times the default
        Assert.True(world.Pipelines.TryGet("t", out var status));
        Assert.Equal(sent.UtcTicks, status.Instances.Max(i => i.Watermark));
    }

    [Fact]
    public async Task Time_goes_on_no_further_than_the_clock_and_what_may_lie_ahead_and_in_few_steps()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var time = new FastTime(100);
        await using var world = await PipelineWorld.StartAsync(stores, time: time);
        await world.ApplyAsync($"name: t\nstreams: {{ raw: {{ key: k, time: at, maxAhead: 20s }} }}\n{Counts}");
        await AppendAsync(world, "a", Text(time.GetUtcNow() + TimeSpan.FromSeconds(15)));
        await world.UntilAsync("t", status => status.Instances.All(i => i.Watermark is not null));
        var seen = new HashSet<long>();
        for (var i = 0; i < 200 || (i < 1_500 && seen.Count < 3); i++)
        {
            await Task.Delay(20);
            Assert.True(world.Pipelines.TryGet("t", out var status));
            var latest = status.Instances.Max(instance => instance.Watermark) ?? 0;
            seen.Add(latest);
            Assert.InRange(latest, 1, (time.GetUtcNow() + TimeSpan.FromSeconds(20)).UtcTicks);
        }

        // 400 of the world's seconds, more where the machine has no time to look: after 30, then in growing steps.
        Assert.InRange(seen.Count, 3, 9);
    }

    /// <summary>While the stores are away events wait at their producers: they are not late when they come.</summary>
    [Fact]
    public async Task A_time_without_a_majority_of_stores_is_no_rest()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var time = new FastTime(20);
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isAway = false;
        await using var world = await PipelineWorld.StartAsync(stores, time: time, decorate: again =>
        {
            for (var store = 1; store < 3; store++)
            {
                again.Decorate(store, inner => new FaultyStore(inner, _ => Volatile.Read(ref isAway)
                    ? StoreFault.None with { Until = back.Task }
                    : StoreFault.None));
            }
        });
        await world.ApplyAsync($"name: t\nstreams: {{ raw: {{ key: k, time: at }} }}\n{Counts}");
        var sent = time.GetUtcNow();
        await AppendAsync(world, "a", Text(sent));
        await world.UntilAsync("t", status => status.Instances.Any(i => i.Watermark == sent.UtcTicks));
        Volatile.Write(ref isAway, true);
        await Task.Delay(TimeSpan.FromSeconds(4)); // 80 of the world's seconds, the default is 30
        Volatile.Write(ref isAway, false);
        back.SetResult();
        await AppendAsync(world, "b", Text(sent));
        Assert.EndsWith("""{"k":"x","n":2}""", Assert.Single(await world.ReadAsync("t.counts", 1)));
    }

    /// <summary>A process that was stopped for a while has not seen the events that waited at its door.</summary>
    [Fact]
    public async Task A_time_in_which_the_host_did_not_run_is_no_rest()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var time = new FastTime(10);
        await using var world = await PipelineWorld.StartAsync(stores, time: time);
        await world.ApplyAsync($"name: t\nstreams: {{ raw: {{ key: k, time: at, idle: 30s }} }}\n{Counts}");
        var sent = time.GetUtcNow();
        await AppendAsync(world, "a", Text(sent));
        await world.UntilAsync("t", status => status.Instances.Any(i => i.Watermark == sent.UtcTicks));
        await Task.Delay(TimeSpan.FromSeconds(0.3)); // Somebody has looked, as he does every tenth of a second.
        time.Jump(TimeSpan.FromSeconds(60));
        await Task.Delay(TimeSpan.FromSeconds(0.3));
        await AppendAsync(world, "b", Text(sent));
        Assert.EndsWith("""{"k":"x","n":2}""", Assert.Single(await world.ReadAsync("t.counts", 1)));
    }

    /// <summary>Directly, and through windows of its own that an exchange lies before.</summary>
    [Theory]
    [InlineData("SELECT k FROM raw UNION SELECT k FROM never")]
    [InlineData("SELECT k FROM raw UNION SELECT z AS k FROM w")]
    public async Task A_stream_that_never_had_an_event_does_not_hold_up_a_union(string union)
    {
        await using var stores = await ThreeStores.FormatAsync();
        var time = new FastTime(20);
        await using var world = await PipelineWorld.StartAsync(stores, time: time);
        await world.ApplyAsync($"""
            name: t
            streams:
              raw: {"{ partitions: 2, key: k, time: at, idle: 1s }"}
              never: {"{ partitions: 2, key: k, time: at, idle: 10s }"}
            query: |
              WITH w AS (SELECT z, COUNT(*) AS n FROM never GROUP BY z, TumblingWindow(second, 1)),
                   both AS ({union})
              SELECT k, COUNT(*) AS n INTO counts FROM both GROUP BY k, TumblingWindow(second, 10)
            """);
        await AppendAsync(world, "a", Text(time.GetUtcNow()));
        Assert.EndsWith("""{"k":"x","n":1}""", Assert.Single(await world.ReadAsync("t.counts", 1)));
        var at = time.GetUtcNow() + TimeSpan.FromMinutes(3);
        await world.AppendAsync("never", "b", ("y", $$"""{"k":"y","z":"y","at":"{{Text(at)}}"}"""));
        await AppendAsync(world, "c", Text(at));
        Assert.Equal(3, (await world.ReadAsync("t.counts", 3)).Count);
    }

    private static Task AppendAsync(PipelineWorld world, string handle, string at) =>
        world.AppendAsync("raw", handle, ("x", $$"""{"k":"x","at":"{{at}}"}"""));

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    /// <summary>The machine's clock, so many times as fast.</summary>
    private sealed class FastTime(int times) : TimeProvider
    {
        private readonly DateTimeOffset _start = System.GetUtcNow();

        private long _ahead;

        public override DateTimeOffset GetUtcNow() =>
            _start + ((System.GetUtcNow() - _start) * times) + new TimeSpan(Volatile.Read(ref _ahead));

        public override long GetTimestamp() => (System.GetTimestamp() * times)
            + (Volatile.Read(ref _ahead) * TimestampFrequency / TimeSpan.TicksPerSecond);

        /// <summary>No timer sees it: as if the process had been stopped for so long.</summary>
        public void Jump(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new FastTimer(System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period)), Scaled);

        private TimeSpan Scaled(TimeSpan real) => real <= TimeSpan.Zero ? real : real / times;

        private sealed class FastTimer(ITimer timer, Func<TimeSpan, TimeSpan> scaled) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(scaled(dueTime), scaled(period));

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
