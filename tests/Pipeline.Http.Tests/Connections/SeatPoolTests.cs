using System.Net;
using Microsoft.AspNetCore.Connections;
using Pipeline.Http.Seats;
using Xunit;

namespace Pipeline.Http.Tests.Connections;

public sealed class SeatPoolTests
{
    private readonly HandClock _time = new();
    private readonly List<string> _broken = [];

    [Fact]
    public void The_address_with_most_connections_gives_the_one_that_was_idle_longest()
    {
        var pool = new SeatPool(4, TimeSpan.FromSeconds(1), _time);
        Assert.True(pool.TryTake(Seat("192.0.2.9", "old")));
        _time.Pass(1);
        Assert.True(pool.TryTake(Seat("192.0.2.1", "first")));
        _time.Pass(1);
        Assert.True(pool.TryTake(Seat("192.0.2.1", "second")));
        Assert.True(pool.TryTake(Seat("192.0.2.1", "third")));
        _time.Pass(5);
        Assert.True(pool.TryTake(Seat("192.0.2.2", "new")));

        Assert.Equal(["first"], _broken);
        Assert.Equal(4, pool.Count);
    }

    [Fact]
    public void Who_runs_a_request_or_has_just_come_is_not_closed()
    {
        var pool = new SeatPool(2, TimeSpan.FromSeconds(1), _time);
        var running = Seat("192.0.2.1", "running");
        running.Begin();
        Assert.True(pool.TryTake(running));
        _time.Pass(60);
        Assert.True(pool.TryTake(Seat("192.0.2.1", "fresh")));
        Assert.False(pool.TryTake(Seat("192.0.2.2", "late")));
        _time.Pass(1);
        Assert.True(pool.TryTake(Seat("192.0.2.2", "later")));
        Assert.Equal(["fresh"], _broken);
        running.End();
        _time.Pass(2);
        Assert.True(pool.TryTake(Seat("192.0.2.2", "last")));
        Assert.Single(_broken, "running");
    }

    private ConnectionSeat Seat(string address, string name)
    {
        var connection = new Connection(() => _broken.Add(name))
        {
            RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1),
        };
        return new ConnectionSeat(connection, SeatKind.Usual, _time);
    }

    private sealed class Connection(Action onAbort) : DefaultConnectionContext
    {
        public override void Abort(ConnectionAbortedException abortReason) => onAbort();
    }
}
