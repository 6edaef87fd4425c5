namespace Pipeline.Replication.Loops;

/// <summary>
/// Is told of every exception that nobody expected: passes it on to be logged and counted, and remembers what failed
/// until that works again, for health. One for all loops of a host. May be used from any thread.
/// </summary>
/// <param name="told">Logs and counts; called on the loop where it happened, or on any thread.</param>
public sealed class Supervisor(Action<Fault>? told = null)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, FailingPart> _failing = new(StringComparer.Ordinal);

    /// <summary>What does not work now, by name.</summary>
    public IReadOnlyList<FailingPart> Failing
    {
        get
        {
            lock (_lock)
            {
                return [.. _failing.Values];
            }
        }
    }

    /// <summary>Says that something failed, where nothing stays broken, or somebody else shows that it is.</summary>
    public void Tell(Fault fault)
    {
        try
        {
            told?.Invoke(fault);
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }

    /// <summary>Says that something failed, and remembers it until <see cref="Recovered"/>.</summary>
    /// <param name="fault">What failed, and why.</param>
    /// <param name="at">Now.</param>
    public void Failed(Fault fault, DateTimeOffset at)
    {
        lock (_lock)
        {
            var since = _failing.TryGetValue(fault.Name, out var before) ? before.Since : at;
            var reason = $"{fault.Exception.GetType().Name}: {fault.Exception.Message}";
            _failing[fault.Name] = new FailingPart(fault.Source, fault.Name, reason, since);
        }

        Tell(fault);
    }

    /// <summary>It works (again), or is not wanted any more.</summary>
    public void Recovered(string name)
    {
        lock (_lock)
        {
            _failing.Remove(name);
        }
    }
}
