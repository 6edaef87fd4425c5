namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>
/// Known-bad variants, each of which loses outputs or lets a reader close a window too early: the model checker plants
/// one at a time and must catch it. Production runs with <see cref="None"/>; nothing outside can construct another.
/// </summary>
[Flags]
internal enum DeliveryFlaws
{
    None = 0,

    /// <summary>A checkpoint is written before the outputs that it counts are committed.</summary>
    CheckpointEarly = 1,

    /// <summary>After a write that no majority answered nothing is left to be written.</summary>
    ForgetUnavailable = 2,

    /// <summary>A watermark is sent before the records that it covers are committed.</summary>
    SayEarly = 4,
}
