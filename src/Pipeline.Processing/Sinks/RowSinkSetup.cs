using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Sinks;

/// <summary>All a row sink's instance works with.</summary>
internal sealed record RowSinkSetup(
    InstanceId Id,
    ILoop Loop,
    InstanceSettings Settings,
    CheckpointRegister Checkpoints,
    IBlockSource Input,
    ISinkTarget Target,
    SinkLetters Letters)
{
    /// <summary>The term it is activated with.</summary>
    public required long Term { get; init; }

    /// <summary>It is only to be cut; null: it runs.</summary>
    public CutOrder? Cut { get; init; }
}
