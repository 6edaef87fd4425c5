using Pipeline.Http.Tests.Connections;
using Pipeline.TestKit.Records;
using Xunit;

namespace Pipeline.Http.Tests.Alerts;

/// <summary>Of several hosts one tells, and what it said is known to the one that takes its place.</summary>
public sealed class AlertTurnTests : IDisposable
{
    private readonly HandClock _clock = new();
    private readonly KeptRecords _records = new();
    private readonly TellingHost _first;
    private readonly TellingHost _second;

    public AlertTurnTests() => (_first, _second) = (new(_records, _clock), new(_records, _clock));

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task One_tells_and_the_other_goes_on_when_it_is_gone()
    {
        await LookAsync(2, _first, _second);
        See(11);
        await LookAsync(30, _first, _second);
        Assert.Equal("lag-1 firing", Assert.Single(_first.Sent));
        await LookAsync(12, _second);
        Assert.False(_second.Turn.IsMine);
        await LookAsync(6, _second);
        Assert.True(_second.Turn.IsMine);
        Assert.Empty(_second.Sent);

        See(null);
        await LookAsync(2, _second);
        await LookAsync(30, _first, _second);
        Assert.Equal("lag-1 resolved", Assert.Single(_second.Sent));
        Assert.False(_first.Turn.IsMine);
        Assert.Single(_first.Sent);
        See(12);
        await LookAsync(10, _first, _second);
        Assert.Equal("lag-2 firing", _second.Sent[^1]);
        Assert.Single(_first.Sent);
    }

    [Fact]
    public async Task What_was_written_and_has_not_arrived_the_next_one_sends()
    {
        await LookAsync(2, _first, _second);
        _first.Arrives = false;
        See(11);
        await LookAsync(4, _first, _second);
        Assert.Empty(_first.Sent);
        await LookAsync(20, _second);
        Assert.Equal("lag-1 firing", Assert.Single(_second.Sent));
    }

    [Fact]
    public async Task Who_leaves_is_followed_at_once()
    {
        await LookAsync(2, _first, _second);
        await _first.Turn.LeaveAsync(CancellationToken.None);
        await _second.LookAsync();
        Assert.True(_second.Turn.IsMine);
        await LookAsync(30, _first, _second);
        Assert.False(_first.Turn.IsMine);
    }

    [Fact]
    public async Task Without_a_majority_who_told_tells_on_and_nobody_takes_its_place()
    {
        await LookAsync(2, _first, _second);
        _records.IsAway = true;
        See(11);
        await LookAsync(60, _first, _second);
        Assert.Equal("lag-1 firing", Assert.Single(_first.Sent));
        Assert.False(_second.Turn.IsMine);

        _records.IsAway = false;
        await LookAsync(10, _first, _second);
        See(null);
        await LookAsync(10, _first, _second);
        Assert.Equal(["lag-1 firing", "lag-1 resolved"], _first.Sent);
        Assert.Empty(_second.Sent);
    }

    [Fact]
    public async Task What_one_said_alone_the_one_that_took_its_place_ends()
    {
        await LookAsync(2, _first, _second);
        _records.IsAway = true;
        _first.Value = 11;
        await _first.LookAsync();
        Assert.Equal("lag-1 firing", Assert.Single(_first.Sent));
        _records.IsAway = false;
        await LookAsync(20, _second);
        Assert.True(_second.Turn.IsMine);

        await LookAsync(30, _first, _second);
        Assert.False(_first.Turn.IsMine);
        Assert.Equal("lag-1 resolved", Assert.Single(_second.Sent));
        See(11);
        await LookAsync(10, _first, _second);
        Assert.Equal("lag-2 firing", _second.Sent[^1]);
    }

    [Fact]
    public async Task A_silence_that_one_host_is_told_of_holds_on_all()
    {
        await LookAsync(2, _first, _second);
        Assert.True(await _second.SilenceAsync(TimeSpan.FromMinutes(1)));
        await LookAsync(8, _first, _second);
        See(11);
        await LookAsync(40, _first, _second);
        Assert.Empty(_first.Sent);
        Assert.True(await _second.SilenceAsync(TimeSpan.Zero));
        await LookAsync(10, _first, _second);
        Assert.Equal("lag-1 firing", Assert.Single(_first.Sent));
        _records.IsAway = true;
        Assert.False(await _second.SilenceAsync(TimeSpan.FromMinutes(1)));
        Assert.True(await _first.SilenceAsync(TimeSpan.FromMinutes(1)));
    }

    private void See(double? value) => (_first.Value, _second.Value) = (value, value);

    /// <summary>All of them look, every two seconds.</summary>
    private async Task LookAsync(int seconds, params TellingHost[] hosts)
    {
        for (var i = 0; i < seconds; i += 2)
        {
            foreach (var host in hosts)
            {
                await host.LookAsync();
            }

            _clock.Pass(2);
        }
    }
}
