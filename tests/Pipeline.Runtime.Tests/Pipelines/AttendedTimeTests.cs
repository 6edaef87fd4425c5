using Pipeline.Runtime.Pipelines;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

public sealed class AttendedTimeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Clock _clock = new();

    [Fact]
    public void It_goes_on_while_somebody_looks_and_during_a_look()
    {
        var time = new AttendedTime(_clock, Second);
        Look(time, 1.0, 5.0);
        Look(time, 1.9, 0.1);
        Assert.Equal((8.0, false), (Seconds(time), time.WasAway));
    }

    [Fact]
    public void A_time_without_a_look_counts_as_one_interval_and_is_too_early_for_a_short_rest()
    {
        var time = new AttendedTime(_clock, Second);
        Look(time, 60.0, 0.0);
        Assert.Equal((1.0, true), (Seconds(time), time.WasAway));
        Assert.True(time.IsTooEarlyFor(TimeSpan.FromSeconds(3.9)));
        Assert.False(time.IsTooEarlyFor(TimeSpan.FromSeconds(4)));
        Look(time, 1.0, 0.0);
        Assert.Equal((2.0, false), (Seconds(time), time.IsTooEarlyFor(Second)));
    }

    private static double Seconds(AttendedTime time) => new TimeSpan(time.Now).TotalSeconds;

    private void Look(AttendedTime time, double after, double takes)
    {
        _clock.Seconds += after;
        time.Begin();
        _clock.Seconds += takes;
        time.End();
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (long)Math.Round(Seconds * TimeSpan.TicksPerSecond);
    }
}
