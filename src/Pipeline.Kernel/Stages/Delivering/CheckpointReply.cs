namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>How writing a checkpoint ended.</summary>
public enum CheckpointReply
{
    Written,

    /// <summary>A later activation of the instance was here: stop for good.</summary>
    Fenced,

    /// <summary>No majority answered: try again.</summary>
    Unavailable,
}
