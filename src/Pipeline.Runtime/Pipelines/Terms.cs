namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// The terms of one change: those that its cuts use, each once, and the one under which the new layouts run.
/// </summary>
/// <param name="Mark">The first; it marks the change in the catalog.</param>
internal readonly record struct Terms(long Mark)
{
    /// <summary>How many one change takes.</summary>
    public const int Count = 8;

    /// <summary>Attempts to cut an instance.</summary>
    public const int Attempts = Count - 1;

    /// <summary>The new layouts run under it.</summary>
    public long New => Mark + Attempts;
}
