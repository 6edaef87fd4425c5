using Pipeline.Monitoring.Alerts;
using Xunit;

namespace Pipeline.Http.Tests.Alerts;

/// <summary>When something is said of an alert.</summary>
public class AlertGroupTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly AlertGroup _group = new(
        new AlertRule("lag", "warning", 10, TimeSpan.FromMinutes(1), "Lag.", static _ => []));

    [Fact]
    public void It_is_said_once_it_has_held_long_enough_and_when_it_is_over()
    {
        Assert.Null(At(0, ("a", 11)));
        Assert.Null(At(59, ("a", 12)));
        var said = At(60, ("a", 13));
        Assert.Equal((true, 13, 1, Start.UtcTicks), (said!.IsFiring, said.Value, said.Count, said.Since));
        Assert.Null(At(61, ("a", 14)));
        Assert.False(At(62, ("a", 10))!.IsFiring);
        Assert.Null(At(63));
    }

    [Fact]
    public void What_does_not_hold_long_enough_is_not_said()
    {
        Assert.Null(At(0, ("a", 11)));
        Assert.Null(At(30, ("a", 1)));
        Assert.Null(At(60, ("a", 11)));
        Assert.Null(At(100, ("a", 11)));
        Assert.NotNull(At(120, ("a", 11)));
    }

    [Fact]
    public void Several_things_are_said_together_and_more_of_them_after_a_minute()
    {
        At(0, ("a", 11), ("b", 20));
        var said = At(60, ("a", 11), ("b", 20), ("c", 30));
        Assert.Equal((2, "b"), (said!.Count, said.Labels[0].Value));
        Assert.Null(At(119, ("a", 11), ("b", 20), ("c", 30)));
        Assert.Equal(3, At(120, ("a", 11), ("b", 20), ("c", 30))!.Count);
        Assert.Null(At(240, ("a", 11), ("b", 20)));
    }

    [Fact]
    public void It_is_repeated_after_four_hours()
    {
        At(0, ("a", 11));
        Assert.NotNull(At(60, ("a", 11)));
        Assert.Null(At(60 + (4 * 3600) - 1, ("a", 11)));
        Assert.NotNull(At(60 + (4 * 3600), ("a", 11)));
    }

    [Fact]
    public void Nothing_is_said_while_it_is_silenced_and_what_was_said_before_is_resolved()
    {
        Silence(100);
        At(0, ("a", 11));
        Assert.Null(At(99, ("a", 11)));
        Assert.Single(_group.Active(Start.AddSeconds(99)));
        Assert.NotNull(At(100, ("a", 11)));
        Silence(1000);
        Assert.False(At(101)!.IsFiring);
    }

    [Fact]
    public void All_that_is_said_of_one_time_has_one_id_and_the_next_time_another()
    {
        At(0, ("a", 11));
        var first = At(60, ("a", 11))!.Id;
        Assert.Equal(first, At(120, ("a", 11), ("b", 20))?.Id ?? first);
        Assert.Equal(first, At(200)!.Id);
        At(300, ("a", 11));
        Assert.NotEqual(first, At(360, ("a", 11))!.Id);
    }

    [Fact]
    public void What_was_said_before_is_not_over_before_this_host_has_looked_for_a_while()
    {
        _group.Inherit(new AlertSaid { Number = 3, IsFiring = true }, Start);
        Assert.Null(At(1));
        Assert.Null(At(20, ("a", 11)));
        Assert.Null(At(79, ("a", 11)));
        Assert.Equal("lag-3", At(80, ("a", 11))!.Id);
        Assert.Equal((false, "lag-3"), At(81) is { } over ? (over.IsFiring, over.Id) : default);
    }

    [Fact]
    public void A_counter_rises_within_a_window_and_goes_on_when_it_begins_anew()
    {
        var window = new CounterWindow(TimeSpan.FromSeconds(60));
        Assert.Equal(0, window.Take(Start, 5));
        Assert.Equal(2, window.Take(Start.AddSeconds(10), 7));
        Assert.Equal(3, window.Take(Start.AddSeconds(20), 1));
        Assert.Equal(0, window.Take(Start.AddSeconds(200), 1));
    }

    private void Silence(int until) =>
        _group.Said = _group.Said with { SilencedUntil = Start.AddSeconds(until).UtcTicks };

    private AlertNotice? At(int seconds, params (string Stage, double Value)[] values)
    {
        var now = Start.AddSeconds(seconds);
        _group.Look(values.Select(static one => new AlertValue([new("stage", one.Stage)], one.Value)), now);
        return _group.Say(now, []);
    }
}
