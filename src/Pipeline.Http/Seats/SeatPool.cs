using System.Net;

namespace Pipeline.Http.Seats;

/// <summary>
/// A bounded number of connections. One that comes when all places are taken gets the place of an idle one: of the
/// address that has most connections, the one that has been idle longest.
/// </summary>
internal sealed class SeatPool(int places, TimeSpan minIdle, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ConnectionSeat> _seats = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _seats.Count;
            }
        }
    }

    /// <summary>Those on which a request is running.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _seats.Count(static seat => !seat.IsIdle);
            }
        }
    }

    /// <summary>False where every place is taken and none of its holders idle.</summary>
    public bool TryTake(ConnectionSeat seat)
    {
        ConnectionSeat? given = null;
        lock (_gate)
        {
            if (_seats.Count >= places)
            {
                given = FindIdle();
                if (given is null)
                {
                    return false;
                }

                _seats.Remove(given);
            }

            _seats.Add(seat);
        }

        given?.Break();
        return true;
    }

    public void Leave(ConnectionSeat seat)
    {
        lock (_gate)
        {
            _seats.Remove(seat);
        }
    }

    private ConnectionSeat? FindIdle()
    {
        var counts = new Dictionary<IPAddress, int>();
        foreach (var seat in _seats)
        {
            counts[seat.Address] = counts.GetValueOrDefault(seat.Address) + 1;
        }

        ConnectionSeat? found = null;
        foreach (var seat in _seats.Where(seat => seat.IsIdle && time.GetElapsedTime(seat.IdleSince) >= minIdle))
        {
            var more = found is null ? 1 : counts[seat.Address] - counts[found.Address];
            found = more > 0 || (more == 0 && seat.IdleSince < found!.IdleSince) ? seat : found;
        }

        return found;
    }
}
