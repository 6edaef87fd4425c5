using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Pipeline.Http.Seats;

/// <summary>One connection's place among all: whether a request is running on it, and since when none is.</summary>
internal sealed class ConnectionSeat(ConnectionContext connection, SeatKind kind, TimeProvider time)
{
    private int _running;
    private long _idleSince = time.GetTimestamp();

    public SeatKind Kind => kind;

    /// <summary>What goes out on it; encrypted, where the server encrypts it.</summary>
    public RefusableOutput? Output { get; set; }

    public IPAddress Address { get; } = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;

    public bool IsIdle => Volatile.Read(ref _running) == 0;

    /// <summary>A timestamp of the clock; while it is idle.</summary>
    public long IdleSince => Interlocked.Read(ref _idleSince);

    public void Begin() => Interlocked.Increment(ref _running);

    public void End()
    {
        Interlocked.Exchange(ref _idleSince, time.GetTimestamp());
        Interlocked.Decrement(ref _running);
    }

    public void Break() => connection.Abort(new ConnectionAbortedException("Its place was needed."));
}

/// <summary>What a connection is for.</summary>
internal enum SeatKind
{
    /// <summary>Everything.</summary>
    Usual,

    /// <summary>One beyond the limit: health is answered, anything else refused, and then it is closed.</summary>
    Reserve,

    /// <summary>A connection of a health port.</summary>
    Health,
}
