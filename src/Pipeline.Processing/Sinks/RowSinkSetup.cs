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
    : SinkSetup(Id, Loop, Settings, Checkpoints, Input)
{
    /// <summary>Where the stream ended when it was restored the last time; null: never.</summary>
    public Func<long?> RestoredEnd { get; init; } = static () => null;
}
