using Pipeline.Definitions;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Instances;

namespace Pipeline.Runtime.Sinks;

/// <summary>All a file sink's instance works with.</summary>
internal sealed record FileSinkSetup(
    InstanceId Id,
    ILoop Loop,
    PipelineSettings Settings,
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
