using System.Net;
using Microsoft.AspNetCore.Connections;
using Pipeline.Http.Engine;
using Pipeline.Http.Seats;

namespace Pipeline.Http.Connections;

/// <summary>
/// Every connection comes through here. Without authentication only those to a loopback address are taken, however the
/// host was told to listen.
/// </summary>
internal sealed class ConnectionGate(PipelineHttpOptions options, TimeProvider time)
{
    private const int ReservePlaces = 64;
    private const int HealthPlaces = 256;

    /// <summary>A connection that was in use just now is likely to be used again at once.</summary>
    private static readonly TimeSpan MinIdle = TimeSpan.FromSeconds(1);

    private readonly SeatPool _usual = new(options.MaxConnections, MinIdle, time);
    private readonly SeatPool _reserve = new(ReservePlaces, TimeSpan.Zero, time);
    private readonly SeatPool _health = new(HealthPlaces, TimeSpan.Zero, time);

    /// <summary>Connections there are, but for those of health ports.</summary>
    public int Count => _usual.Count + _reserve.Count;

    /// <summary>Connections on which a request is running.</summary>
    public int Running => _usual.Running + _reserve.Running + _health.Running;

    public async Task AcceptAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (IsExposed(connection))
        {
            connection.Abort(new ConnectionAbortedException("Beyond loopback there must be authentication."));
            return;
        }

        var (pool, seat) = Place(connection);
        if (seat is null)
        {
            connection.Abort(new ConnectionAbortedException("There are too many connections."));
            return;
        }

        seat.Output = new RefusableOutput(connection.Transport);
        connection.Transport = seat.Output;
        connection.Features.Set(seat);
        try
        {
            await next(connection);
        }
        finally
        {
            pool.Leave(seat);
        }
    }

    private bool IsExposed(ConnectionContext connection) => !options.Access.IsConfigured
        && connection.LocalEndPoint is IPEndPoint local && !IPAddress.IsLoopback(local.Address);

    private (SeatPool Pool, ConnectionSeat? Seat) Place(ConnectionContext connection)
    {
        if (connection.LocalEndPoint is IPEndPoint { Port: var port } && options.HealthPorts.Contains(port))
        {
            return (_health, Take(_health, connection, SeatKind.Health));
        }

        return Take(_usual, connection, SeatKind.Usual) is { } seat
            ? (_usual, seat)
            : (_reserve, Take(_reserve, connection, SeatKind.Reserve));
    }

    private ConnectionSeat? Take(SeatPool pool, ConnectionContext connection, SeatKind kind)
    {
        var seat = new ConnectionSeat(connection, kind, time);
        return pool.TryTake(seat) ? seat : null;
    }
}
