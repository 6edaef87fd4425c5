using Pipeline.Kernel.Stages;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Instances;

namespace Pipeline.Runtime.Stages;

/// <summary>All a stage instance works with.</summary>
internal sealed record StageSetup
{
    public required InstanceId Id { get; init; }

    public required ILoop Loop { get; init; }

    public required PipelineSettings Settings { get; init; }

    public required CheckpointRegister Checkpoints { get; init; }

    public required StageLayout Layout { get; init; }

    /// <summary>It is only to be cut; null: it runs.</summary>
    public CutOrder? Cut { get; init; }

    public required IBlockSource Input { get; init; }

    /// <summary>In the order of the layout's targets.</summary>
    public required IReadOnlyList<IStream> Targets { get; init; }

    /// <summary>Whether stages read a target now: only they want to know its watermark.</summary>
    public required Func<IStream, bool> FeedsStages { get; init; }
}
