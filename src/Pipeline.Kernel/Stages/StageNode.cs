using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>
/// One of the fused operators of a stage instance. Nodes form a tree; a parent comes before its children.
/// </summary>
public sealed record StageNode
{
    /// <summary>The stage's name in the definition.</summary>
    public required string Name { get; init; }

    /// <summary>Changes when the state of an older definition must not be loaded.</summary>
    public required Hash128 Fingerprint { get; init; }

    /// <summary>Index of the node whose output it reads; -1: the instance's input.</summary>
    public required int Parent { get; init; }

    public required Func<IOperator> CreateOperator { get; init; }

    /// <summary>Whether the operator wants to know the watermark.</summary>
    public bool NeedsWatermark { get; init; }

    /// <summary>How far its outputs may lie behind the watermark, in ticks: a windowed query's lateness.</summary>
    public long Lateness { get; init; }

    /// <summary>Index of the target of its outputs; -1: they only feed its children.</summary>
    public int Output { get; init; } = -1;

    /// <summary>Index of the target of late events; -1: there are none.</summary>
    public int Late { get; init; } = -1;

    /// <summary>The largest output, in bytes of its value (its stream's maxEvent); a larger one is refused.</summary>
    public int MaxOutputBytes { get; init; } = 1 << 20;

    /// <summary>Whether an event it cannot process stops the instance instead of becoming a dead letter.</summary>
    public bool StopsOnError { get; init; }
}
