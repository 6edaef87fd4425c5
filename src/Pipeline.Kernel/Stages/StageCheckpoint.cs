using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>
/// What the checkpoint register of a stage instance holds. It is replaced only by the same or a later epoch with a
/// cursor that is not lower.
/// </summary>
public sealed record StageCheckpoint
{
    /// <summary>The activation that wrote it; 0: never started.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>Numbers the checkpoints of an epoch, from 0 (the activation itself).</summary>
    public required long Number { get; init; }

    /// <summary>Activations of lower terms (<see cref="StageLayout.Generation"/>) are refused from here on.</summary>
    public long Term { get; init; }

    /// <summary>The next offset to read.</summary>
    public required long Cursor { get; init; }

    /// <summary>When it was written, ticks UTC; for people.</summary>
    public long Time { get; init; }

    /// <summary>
    /// The snapshot (<see cref="StageSnapshotCodec"/>) where it is small; empty where there is none yet.
    /// </summary>
    public ReadOnlyMemory<byte> Snapshot { get; init; }

    /// <summary>The blobs that hold the snapshot where it is large, in order.</summary>
    public IReadOnlyList<BlobName> Blobs { get; init; } = [];

    /// <summary>Hash of the whole snapshot that the blobs hold.</summary>
    public Hash128 BlobHash { get; init; }

    public static StageCheckpoint None => new() { Epoch = new Epoch(0), Number = 0, Cursor = 0 };
}
