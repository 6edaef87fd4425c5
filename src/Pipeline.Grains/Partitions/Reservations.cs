using Pipeline.Kernel.Codecs;

namespace Pipeline.Grains.Partitions;

/// <summary>
/// Requests that were let run, by the token of whoever asked. Asking again, because an answer was lost or is late,
/// gives the same answer; asking when the request is over reserves nothing; a front that died holds a handle for a
/// minute.
/// </summary>
internal sealed class Reservations(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Guid, Reservation> _known = [];

    /// <summary>The answer for a token; <paramref name="ask"/> is called where it is new.</summary>
    public Task<AppendAnswer> AskAsync(Guid token, PartHeader header, Func<Task<AppendAnswer>> ask)
    {
        if (!_known.TryGetValue(token, out var reservation))
        {
            _known[token] = reservation = new Reservation(header, ask(), time.GetTimestamp());
        }

        return reservation.Answer;
    }

    /// <summary>Nothing was reserved: the same request may ask anew.</summary>
    public void Forget(Guid token) => _known.Remove(token);

    /// <summary>The request is over: its header, where there is something to release.</summary>
    public PartHeader? End(Guid token)
    {
        var isOver = _known.TryGetValue(token, out var reservation);
        var ended = AppendAnswer.Of(Replication.Partitions.AppendStatus.Appended);
        _known[token] = new Reservation(null, Task.FromResult(ended), time.GetTimestamp());
        return isOver ? reservation!.Header : null;
    }

    /// <summary>Lets go of what is older than a minute; the headers of those whose front must be gone.</summary>
    public IReadOnlyList<PartHeader> RemoveOld()
    {
        var headers = new List<PartHeader>();
        foreach (var (token, old) in _known.Where(pair => time.GetElapsedTime(pair.Value.Since) > Longest).ToList())
        {
            _known.Remove(token);
            if (old.Header is { } header)
            {
                headers.Add(header);
            }
        }

        return headers;
    }

    /// <param name="Header">Null once it is over.</param>
    /// <param name="Answer">What everybody who asks for it is told.</param>
    /// <param name="Since">When it was first heard of.</param>
    private sealed record Reservation(PartHeader? Header, Task<AppendAnswer> Answer, long Since);
}
