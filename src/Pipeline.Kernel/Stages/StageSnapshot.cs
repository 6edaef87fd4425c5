using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>The whole state of a stage instance between two blocks.</summary>
public sealed record StageSnapshot
{
    /// <summary>
    /// The layout of a state that was put together for an instance whose stages ran elsewhere before: none.
    /// </summary>
    public const long SeededLayout = 0;

    public required StageCursor Cursor { get; init; }

    /// <summary><see cref="StageLayout.Layout"/> of the instance that made it.</summary>
    public required long Layout { get; init; }

    /// <summary>The last event read, and the next output's number among its outputs.</summary>
    public required long LastOffset { get; init; }

    public required int Ordinal { get; init; }

    public required long Watermark { get; init; }

    public required long AcceptedTime { get; init; }

    public required IReadOnlyList<UpstreamState> Upstreams { get; init; }

    public required IReadOnlyList<OutletState> Outlets { get; init; }

    public required IReadOnlyList<OperatorState> Operators { get; init; }
}

/// <summary>The end of the chain of outputs in one target partition.</summary>
public readonly record struct OutletState(long Stream, int Partition, Origin Last);

/// <summary>One operator's saved state; loaded only by an operator with the same fingerprint.</summary>
public readonly record struct OperatorState(string Name, Hash128 Fingerprint, ReadOnlyMemory<byte> State);
