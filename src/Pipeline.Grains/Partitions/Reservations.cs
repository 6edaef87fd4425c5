using Pipeline.Kernel.Codecs;

namespace Pipeline.Grains.Partitions;

/// <summary>
/// Requests that run, by the token of whoever asked: an answer that was lost is given again, and a front that died
/// does not hold a handle for ever.
/// </summary>
internal sealed class Reservations(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Guid, (PartHeader Header, long Since)> _running = [];

    /// <summary>Whether this very request was let run before.</summary>
    public bool Has(Guid token) => _running.ContainsKey(token);

    public void Add(Guid token, PartHeader header) => _running[token] = (header, time.GetTimestamp());

    /// <summary>The header of a request that ends now; null where it is not known, or has ended.</summary>
    public PartHeader? Remove(Guid token) => _running.Remove(token, out var running) ? running.Header : null;

    /// <summary>Those whose front cannot be there any more.</summary>
    public IReadOnlyList<PartHeader> RemoveOld()
    {
        List<Guid> old = [.. _running.Where(pair => time.GetElapsedTime(pair.Value.Since) > Longest)
            .Select(static pair => pair.Key)];
        return [.. old.Select(token => Remove(token)!.Value)];
    }
}
