namespace Pipeline.Processing.Instances;

/// <summary>How the activation of an instance ended.</summary>
/// <param name="Snapshot">The state to begin with, empty where there is none yet; null: it was not activated.</param>
/// <param name="Refused">The register's term, where it is higher than the one that was asked for.</param>
internal readonly record struct CheckpointActivation(ReadOnlyMemory<byte>? Snapshot, long? Refused)
{
    /// <summary>No majority answered, or no whole copy of a large snapshot was found: try again.</summary>
    public static CheckpointActivation Unavailable => default;

    public static CheckpointActivation Of(ReadOnlyMemory<byte> snapshot) => new(snapshot, null);

    /// <summary>A change of the definition was here: not under this term any more.</summary>
    public static CheckpointActivation CutFor(long term) => new(null, term);
}
