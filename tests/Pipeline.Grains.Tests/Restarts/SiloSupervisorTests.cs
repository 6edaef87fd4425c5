using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Grains.Membership;
using Pipeline.Grains.Restarts;

namespace Pipeline.Grains.Tests.Restarts;

/// <summary>A silo that the others declared dead, and what its process does then.</summary>
public sealed class SiloSupervisorTests : IDisposable
{
    private readonly JumpingTime _time = new();
    private readonly StringWriter _said = new();
    private int _lives;

    public void Dispose() => _said.Dispose();

    [Fact]
    public async Task A_silo_that_was_declared_dead_starts_anew_at_once()
    {
        var code = await RunAsync(_ => ++_lives == 1 ? SiloEnd.Dead("I was told I am dead.") : SiloEnd.Stopped);
        Assert.Equal(0, code);
        Assert.Equal(2, _lives);
        Assert.Empty(_time.Waits);
        Assert.Contains("starts anew: I was told I am dead.", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_five_restarts_that_fail_within_a_minute_the_process_ends_with_4_and_says_why()
    {
        var code = await RunAsync(_ => ++_lives == 1
            ? SiloEnd.Dead("frozen.")
            : throw new IOException($"port in use, life {_lives}"));
        Assert.Equal(4, code);
        Assert.Equal(6, _lives);
        Assert.Equal([1, 2, 4, 8], _time.Waits.Select(static wait => wait.TotalSeconds));
        Assert.Contains(
            "5 restarts of this silo failed within a minute, the last one: IOException: port in use, life 6",
            _said.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ends_the_process_at_its_first_start_still_does() =>
        await Assert.ThrowsAsync<IOException>(() => RunAsync(_ => throw new IOException("port in use")));

    [Fact]
    public async Task What_the_database_refuses_ends_the_first_start_with_2_and_is_tried_again_at_a_restart()
    {
        var refused = new MembershipException("run `Pipeline.Silo migrate`", new IOException());
        Assert.Equal(2, await RunAsync(_ => throw refused));
        Assert.Contains("Silo migrate", _said.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(_ => ++_lives switch
        {
            1 => SiloEnd.Dead("frozen."),
            2 => throw refused,
            _ => SiloEnd.Stopped,
        }));
    }

    [Fact]
    public async Task A_refusal_ends_the_process_with_2_and_is_said_also_at_a_restart()
    {
        var code = await RunAsync(_ => ++_lives == 1 ? SiloEnd.Dead("frozen.") : SiloEnd.Refused("Orleans:ClusterId"));
        Assert.Equal(2, code);
        Assert.Contains("Orleans:ClusterId", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_is_told_to_stop_between_two_silos_ends_with_0()
    {
        using var stop = new CancellationTokenSource();
        var supervisor = new SiloSupervisor(
            async _ =>
            {
                _lives++;
                await stop.CancelAsync();
                return SiloEnd.Dead("frozen.");
            },
            _time,
            _said);
        Assert.Equal(0, await supervisor.RunAsync(stop.Token));
        Assert.Equal(1, _lives);
    }

    [Fact]
    public async Task The_first_reason_that_a_silo_cannot_go_on_counts()
    {
        var death = new SiloDeath(NullLogger<SiloDeath>.Instance);
        Assert.False(death.Told.IsCompleted);
        death.OnFatalException(this, "told that it is dead");
        death.OnFatalException(this, "again", new IOException("x"));
        Assert.True(death.Told.IsCompletedSuccessfully);
        Assert.Equal("SiloSupervisorTests: told that it is dead", await death.Told);
    }

    private Task<int> RunAsync(Func<CancellationToken, SiloEnd> live) => new SiloSupervisor(
        async stop =>
        {
            await Task.Yield();
            return live(stop);
        },
        _time,
        _said).RunAsync(CancellationToken.None);
}
