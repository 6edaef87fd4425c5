namespace Pipeline.Runtime.Pipelines;

/// <summary>How writing a checkpoint ended.</summary>
internal enum CheckpointWrite
{
    Written,

    /// <summary>A later activation of the instance was here: stop for good.</summary>
    Fenced,

    /// <summary>No majority answered: try again.</summary>
    Unavailable,
}
