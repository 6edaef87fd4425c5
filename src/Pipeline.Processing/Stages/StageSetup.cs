using Pipeline.Kernel.Stages;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Stages;

/// <summary>All a stage instance works with.</summary>
internal sealed record StageSetup
{
    public required InstanceId Id { get; init; }

    public required ILoop Loop { get; init; }

    public required InstanceSettings Settings { get; init; }

    public required CheckpointRegister Checkpoints { get; init; }

    public required StageLayout Layout { get; init; }

    /// <summary>It is only to be cut; null: it runs.</summary>
    public CutOrder? Cut { get; init; }

    public required IBlockSource Input { get; init; }

    /// <summary>The partitions of each of the layout's targets, in their order.</summary>
    public required IReadOnlyList<IReadOnlyList<IPartition>> Targets { get; init; }

    /// <summary>Whether stages read a target (its number) now: only they want to know its watermark.</summary>
    public required Func<int, bool> FeedsStages { get; init; }
}
