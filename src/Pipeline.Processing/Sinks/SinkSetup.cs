using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Sinks;

/// <summary>What every sink's instance works with.</summary>
internal abstract record SinkSetup(
    InstanceId Id, ILoop Loop, InstanceSettings Settings, CheckpointRegister Checkpoints, IBlockSource Input)
{
    /// <summary>The term it is activated with.</summary>
    public required long Term { get; init; }

    /// <summary>It is only to be cut; null: it runs.</summary>
    public CutOrder? Cut { get; init; }
}
