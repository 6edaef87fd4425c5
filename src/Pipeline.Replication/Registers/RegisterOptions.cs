namespace Pipeline.Replication.Registers;

/// <summary>How long register operations wait. Nothing here changes what they guarantee.</summary>
public sealed record RegisterOptions
{
    /// <summary>An operation that no majority answered for so long ends as Unavailable.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After so long a request to one store counts as unanswered.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first back-off of an outbid proposer is below this; each next one may be twice as long…</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>… up to this. Also bounds the pause before an unanswered request is sent again.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a read over stores that disagree waits for the others before it settles the matter.</summary>
    public TimeSpan StragglerPatience { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Least time between two attempts to install a register where a store lacks it.</summary>
    public TimeSpan RejoinInterval { get; init; } = TimeSpan.FromSeconds(5);
}
