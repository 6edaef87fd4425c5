namespace Pipeline.Cli.Chaos;

/// <summary>One key's events as their writer knows them: numbered from 0.</summary>
internal sealed class KeyRecord
{
    private long _acknowledged;
    private long _sent;

    /// <summary>Events that were acknowledged, the first so many.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Events that were sent; those beyond the acknowledged ones may be there or not.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>The number of the next event, which is sent now.</summary>
    public long Next() => Interlocked.Increment(ref _sent) - 1;

    /// <summary>All that was sent is acknowledged.</summary>
    public void Acknowledge() => Interlocked.Exchange(ref _acknowledged, Sent);
}
