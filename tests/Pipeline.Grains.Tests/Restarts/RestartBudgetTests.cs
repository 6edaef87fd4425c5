using Pipeline.Grains.Restarts;

namespace Pipeline.Grains.Tests.Restarts;

/// <summary>How often a silo may start anew in its process.</summary>
public sealed class RestartBudgetTests
{
    private readonly JumpingTime _time = new();

    [Fact]
    public void The_first_restart_is_at_once_however_short_the_first_silo_lived() =>
        Assert.Equal(TimeSpan.Zero, new RestartBudget(_time).Ended());

    [Fact]
    public void Restarts_that_fail_are_repeated_after_longer_and_longer_pauses_and_end_after_the_fifth()
    {
        var budget = new RestartBudget(_time);
        var pauses = new List<double?> { budget.Ended()?.TotalSeconds };
        for (var restart = 0; restart < 5; restart++)
        {
            budget.Begin();
            _time.Advance(TimeSpan.FromSeconds(1));
            pauses.Add(budget.Ended()?.TotalSeconds);
        }

        Assert.Equal([0, 1, 2, 4, 8, null], pauses);
    }

    [Fact]
    public void A_silo_that_lived_for_a_minute_had_started_well()
    {
        var budget = new RestartBudget(_time);
        for (var restart = 0; restart < 20; restart++)
        {
            Assert.Equal(TimeSpan.Zero, budget.Ended());
            budget.Begin();
            _time.Advance(RestartBudget.Window);
        }
    }

    [Fact]
    public void Failures_count_for_a_minute()
    {
        var budget = new RestartBudget(_time);
        for (var restart = 0; restart < 20; restart++)
        {
            Assert.True(budget.Ended() < TimeSpan.FromSeconds(8), "four at most within a minute");
            budget.Begin();
            _time.Advance(TimeSpan.FromSeconds(20));
        }
    }
}
