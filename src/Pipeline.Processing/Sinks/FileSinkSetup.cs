using Pipeline.Definitions;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Sinks;

/// <summary>All a file sink's instance works with.</summary>
internal sealed record FileSinkSetup(
    InstanceId Id,
    ILoop Loop,
    InstanceSettings Settings,
    CheckpointRegister Checkpoints,
    FileSinkDefinition Files,
    IBlockSource Input,
    ISinkFiles Directory,
    Func<SinkClaim> Claim)
{
    /// <summary>The term it is activated with.</summary>
    public required long Term { get; init; }

    /// <summary>It is only to be cut; null: it runs.</summary>
    public CutOrder? Cut { get; init; }
}
