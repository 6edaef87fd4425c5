using Pipeline.Kernel.Stages;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>
/// The checkpoint register of an instance, an atomic one: registers have searches of their own. Its value is what the
/// shipped codec makes of it.
/// </summary>
internal sealed class WorldRegister
{
    private readonly byte[] _bytes;

    public WorldRegister(StageCheckpoint value, long layout)
    {
        _bytes = StageCheckpointCodec.Write(value);
        (Value, Layout) = (StageCheckpointCodec.Read(_bytes), layout);
        Snapshot = Value.Snapshot.IsEmpty ? null : StageSnapshotCodec.Read(Value.Snapshot.Span);
        Print = Fingerprints.Of([.. _bytes, (byte)layout]);
    }

    public StageCheckpoint Value { get; }

    /// <summary>What the value holds; null: nothing yet.</summary>
    public StageSnapshot? Snapshot { get; }

    /// <summary>The layout that made the value; 0: none did.</summary>
    public long Layout { get; }

    public UInt128 Print { get; }
}
