using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>
/// The requests that run now, seen from the home of their handles. Not in the log: it dies with the owner, and then
/// nothing of its requests runs any more either. A producer runs one request at a time.
/// </summary>
internal sealed class Reservations
{
    private HashSet<HandleKey> _running = new(HandleKey.Comparer.Instance);

    public Reservations Copy() => new() { _running = new(_running, HandleKey.Comparer.Instance) };

    public bool TryBegin(in PartHeader header) => _running.Add(KeyOf(header));

    public void End(in PartHeader header) => _running.Remove(KeyOf(header));

    public bool IsRunning(in PartHeader header) => _running.Contains(KeyOf(header));

    private static HandleKey KeyOf(in PartHeader header) => new(header.HandleKind, header.Handle, 0);
}
