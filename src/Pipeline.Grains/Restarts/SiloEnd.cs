namespace Pipeline.Grains.Restarts;

/// <summary>How a silo ended.</summary>
/// <param name="ExitCode">What the process ends with; null: the silo is to start anew.</param>
/// <param name="Reason">Why, for a person; null where it was told to stop.</param>
public readonly record struct SiloEnd(int? ExitCode, string? Reason)
{
    /// <summary>It was told to stop, and did.</summary>
    public static readonly SiloEnd Stopped = new(0, null);

    /// <summary>A person must look: an option, or what lies on the stores.</summary>
    public static SiloEnd Refused(string reason) => new(2, reason);

    /// <summary>The others go on without it; it may join them again.</summary>
    public static SiloEnd Dead(string reason) => new(null, reason);
}
