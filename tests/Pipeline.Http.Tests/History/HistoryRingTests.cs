using Pipeline.Monitoring.History;
using Xunit;

namespace Pipeline.Http.Tests.History;

public sealed class HistoryRingTests
{
    private const long First = 1_000_000;

    private readonly HistoryRing _ring = new();

    [Fact]
    public void An_hour_is_kept_and_no_more()
    {
        for (var slot = First; slot < First + 2_000; slot++)
        {
            _ring.Put(slot, [(HistorySeries.Lag, slot)]);
        }

        var all = _ring.Read(-1);
        Assert.Equal(TimeSpan.FromHours(1), HistoryRing.Slots * HistoryRing.Interval);
        Assert.Equal((First + 2_000 - HistoryRing.Slots, HistoryRing.Slots), (all.First, all.Count));
        var expected = Enumerable.Range(0, all.Count).Select(i => (double)(all.First + i));
        Assert.Equal(expected, Assert.Single(all.Series).Values);
    }

    [Fact]
    public void Memory_is_bounded_however_many_pipelines_come_and_go()
    {
        for (var slot = First; slot < First + (3 * HistoryRing.Slots); slot++)
        {
            _ring.Put(slot, [.. Enumerable.Range(0, 5).Select(i => (HistorySeries.LagOf($"{slot}-{i}"), 1.0))]);
            Assert.InRange(_ring.Read(-1).Series.Count, 1, HistoryRing.MaxSeries);
        }
    }

    [Fact]
    public void A_series_that_has_said_nothing_for_an_hour_makes_room()
    {
        _ring.Put(First, [(HistorySeries.LagOf("gone"), 1)]);
        for (var slot = First + 1; slot <= First + HistoryRing.Slots; slot++)
        {
            _ring.Put(slot, [(HistorySeries.Lag, 1)]);
        }

        Assert.Equal([HistorySeries.Lag], _ring.Read(-1).Series.Select(static one => one.Series));
    }

    [Fact]
    public void Slots_that_were_not_taken_are_gaps()
    {
        _ring.Put(First, [(HistorySeries.Lag, 1)]);
        _ring.Put(First + 3, [(HistorySeries.Lag, 4), (HistorySeries.Stores, 3)]);
        _ring.Put(First + 4, [(HistorySeries.Stores, 2)]);

        var all = _ring.Read(-1);
        Assert.Equal((First, 5), (all.First, all.Count));
        Assert.Equal([1, double.NaN, double.NaN, 4, double.NaN], ValuesOf(HistorySeries.Lag));
        Assert.Equal([double.NaN, double.NaN, double.NaN, 3, 2], ValuesOf(HistorySeries.Stores));
    }

    [Fact]
    public void After_a_stop_longer_than_an_hour_nothing_of_before_is_left()
    {
        _ring.Put(First, [(HistorySeries.Lag, 1)]);
        _ring.Put(First + HistoryRing.Slots, [(HistorySeries.Lag, 2)]);

        Assert.Equal([2], ValuesOf(HistorySeries.Lag));
    }

    [Fact]
    public void Where_the_clock_goes_back_what_it_said_after_that_is_forgotten()
    {
        for (var slot = First; slot < First + 10; slot++)
        {
            _ring.Put(slot, [(HistorySeries.Lag, slot - First)]);
        }

        _ring.Put(First + 4, [(HistorySeries.Lag, 44)]);
        Assert.Equal([0, 1, 2, 3, 44], ValuesOf(HistorySeries.Lag));

        _ring.Put(First - 1, [(HistorySeries.Lag, 7)]);
        Assert.Equal([7], ValuesOf(HistorySeries.Lag));
    }

    [Fact]
    public void Only_what_came_after_is_given()
    {
        for (var slot = First; slot < First + 10; slot++)
        {
            _ring.Put(slot, [(HistorySeries.Lag, slot - First)]);
        }

        var some = _ring.Read(First + 6);
        Assert.Equal((First + 7, 3), (some.First, some.Count));
        Assert.Equal([7, 8, 9], some.Series[0].Values);
        Assert.Equal(0, _ring.Read(First + 20).Count);
    }

    private double[] ValuesOf(HistorySeries series) =>
        _ring.Read(-1).Series.Single(one => one.Series == series).Values;
}
