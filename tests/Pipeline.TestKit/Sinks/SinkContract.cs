using System.Globalization;
using Pipeline.Processing.Instances;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.Sinks;

/// <summary>
/// What every sink promises: each event once and in the order of the stream, whatever is killed. Events are
/// <c>{"n": number}</c>.
/// </summary>
public abstract class SinkContract
{
    protected const string Stream = "numbers";

    private const int Batch = 100;

    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private int _appended;

    /// <summary>An empty place of its own, for one test.</summary>
    protected abstract Task<ISinkPlace> PlaceAsync();

    /// <summary>A host over empty stores, not started.</summary>
    protected abstract Task<ISinkHost> HostAsync();

    [Fact]
    public async Task Every_row_is_written_once_and_in_order_however_often_the_host_is_killed()
    {
        var place = await PlaceAsync();
        await using var host = await HostAsync();
        var draw = new Random(7);
        for (var kill = 0; kill < 6; kill++)
        {
            await host.StartAsync();
            await host.ApplyAsync(Definition(place));
            await AppendAsync(host, 10);
            var cursor = draw.Next(_appended);
            await host.UntilAsync(status => status.Cursor > cursor);
        }

        await host.StartAsync();
        await HoldsAllAsync(place, _appended);
        Assert.Empty(await host.LettersAsync());
    }

    [Fact]
    public async Task A_target_that_is_killed_and_comes_back_loses_nothing_and_has_nothing_twice()
    {
        var place = await PlaceAsync();
        await using var host = await HostAsync();
        await host.StartAsync();
        await host.ApplyAsync(Definition(place));
        await AppendAsync(host, 5);
        await host.UntilAsync(static status => status.Cursor > 0);
        await place.StopAsync();
        await AppendAsync(host, 5);
        await host.UntilAsync(IsBlocked);
        await place.StartAgainAsync();
        await HoldsAllAsync(place, _appended);
        await host.UntilAsync(status => status is { State: StageInstanceState.Running, Error: null });
    }

    [Fact]
    public async Task A_target_that_is_away_at_the_start_is_waited_for()
    {
        var place = await PlaceAsync();
        await place.StopAsync();
        await using var host = await HostAsync();
        await host.StartAsync();
        await host.ApplyAsync(Definition(place));
        await AppendAsync(host, 2);
        await host.UntilAsync(IsBlocked);
        await host.StartAsync();
        await host.UntilAsync(IsBlocked);
        await place.StartAgainAsync();
        await HoldsAllAsync(place, _appended);
    }

    protected static string Definition(ISinkPlace place) => $$"""
        name: t
        streams: { {{Stream}}: { partitions: 1 } }
        sinks: { out: { from: {{Stream}}, {{place.Yaml}} } }
        """;

    private static bool IsBlocked(StageInstanceStatus status) =>
        status is { State: StageInstanceState.Blocked, Error: not null }
        && status.Error.StartsWith("target:", StringComparison.Ordinal);

    private async Task AppendAsync(ISinkHost host, int batches)
    {
        for (var i = 0; i < batches; i++, _appended += Batch)
        {
            await host.AppendAsync(
                Stream,
                _appended.ToString(CultureInfo.InvariantCulture),
                [.. Enumerable.Range(_appended, Batch).Select(static n => $$"""{"n":{{n}}}""")]);
        }
    }

    private static async Task HoldsAllAsync(ISinkPlace place, int count)
    {
        await Eventually.GetAsync(
            async () => (await place.NumbersAsync()).Count, found => found >= count, Limit, "all rows");
        Assert.Equal(Enumerable.Range(0, count).Select(static n => (long)n), await place.NumbersAsync());
    }
}
