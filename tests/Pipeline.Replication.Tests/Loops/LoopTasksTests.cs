using Pipeline.Replication.Loops;
using Pipeline.TestKit.Loops;
using Xunit;

namespace Pipeline.Replication.Tests.Loops;

public sealed class LoopTasksTests
{
    private readonly ManualLoop _loop = new();

    [Fact]
    public void A_job_that_fails_is_told_and_shown_until_one_of_its_name_ends_well()
    {
        _loop.Do(() => _loop.Run("sweep", () => throw new InvalidOperationException("planned")));
        var fault = Assert.Single(_loop.Told);
        Assert.Equal((FaultSource.Job, "sweep", "planned"), (fault.Source, fault.Kind, fault.Exception.Message));
        Assert.Contains("planned", Assert.Single(_loop.Supervisor.Failing).Reason, StringComparison.Ordinal);
        _loop.Do(() => _loop.Run("sweep", () => Task.CompletedTask));
        Assert.Empty(_loop.Supervisor.Failing);
    }

    [Fact]
    public void Who_began_a_job_is_told_how_it_failed()
    {
        Exception? seen = null;
        _loop.Do(() => _loop.Run("write", () => throw new InvalidOperationException("planned"), fault => seen = fault));
        Assert.Equal("planned", seen?.Message);
        Assert.Single(_loop.Told);
        Assert.Empty(_loop.Supervisor.Failing);
    }

    [Fact]
    public void A_repeated_job_that_fails_is_tried_again_ever_later_until_it_works()
    {
        using var stopping = new CancellationTokenSource();
        var rounds = 0;
        _loop.Do(() => _loop.Repeat("sweep", RoundAsync, stopping.Token));
        Assert.Equal(1, rounds);
        var since = Assert.Single(_loop.Supervisor.Failing).Since;
        _loop.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(2, rounds);
        _loop.Advance(TimeSpan.FromMilliseconds(199));
        Assert.Equal(2, rounds);
        Assert.Equal(since, Assert.Single(_loop.Supervisor.Failing).Since);
        _loop.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(3, rounds);
        Assert.Empty(_loop.Supervisor.Failing);
        Assert.Equal(2, _loop.Told.Count);
        _loop.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(3, rounds);
        _loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, rounds);
        stopping.Cancel();
        _loop.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(4, rounds);

        Task<TimeSpan> RoundAsync() => ++rounds < 3
            ? throw new InvalidOperationException($"planned {rounds}")
            : Task.FromResult(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_job_that_fails_a_thousand_times_is_tried_once_a_minute()
    {
        using var stopping = new CancellationTokenSource();
        var rounds = 0;
        _loop.Do(() => _loop.Repeat("sweep", TimeSpan.FromSeconds(1), RoundAsync, stopping.Token));
        Assert.Equal(0, rounds);
        for (var minute = 0; minute < 1000; minute++)
        {
            _loop.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(rounds, 990, 1000);
        stopping.Cancel();
        _loop.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_loop.Supervisor.Failing);

        Task RoundAsync() => throw new InvalidOperationException($"planned {++rounds}");
    }

    [Fact]
    public void What_a_round_throws_once_it_is_to_stop_is_no_failure()
    {
        using var stopping = new CancellationTokenSource();
        _loop.Do(() => _loop.Repeat("sweep", RoundAsync, stopping.Token));
        Assert.Empty(_loop.Told);
        Assert.Empty(_loop.Supervisor.Failing);

        Task<TimeSpan> RoundAsync()
        {
            stopping.Cancel();
            throw new OperationCanceledException();
        }
    }

    [Fact]
    public void A_log_that_fails_does_not_end_what_it_is_told_of()
    {
        var supervisor = new Supervisor(_ => throw new InvalidOperationException("the log is full"));
        var fault = new Fault(FaultSource.Job, "sweep", "sweep", new InvalidOperationException("planned"));
        supervisor.Failed(fault, DateTimeOffset.UnixEpoch);
        Assert.Equal("sweep", Assert.Single(supervisor.Failing).Name);
    }

    [Fact]
    public async Task A_call_gives_what_the_work_gives_or_throws()
    {
        using var loop = new ThreadLoop("calls", static fault => Assert.Fail(fault.ToString()));
        Assert.True(await loop.CallAsync(() => Task.FromResult(loop.IsCurrent)));
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => loop.CallAsync<int>(() => throw new InvalidOperationException("planned")));
        Assert.Equal("planned", failed.Message);
        await Assert.ThrowsAsync<TaskCanceledException>(
            () => loop.CallAsync<int>(() => throw new OperationCanceledException()));
    }
}
