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
    FileTarget Files,
    IBlockSource Input,
    ISinkFiles Directory,
    Func<SinkClaim> Claim)
    : SinkSetup(Id, Loop, Settings, Checkpoints, Input);
