using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Runtime.Registers;
using Pipeline.Runtime.Stores;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// The checkpoint of one instance: a register, and blobs where the state is large. Each activation raises the epoch;
/// only the latest one writes, and never a lower cursor.
/// </summary>
internal sealed class CheckpointRegister(IRegisters registers, IStoreSet stores, InstanceId id)
{
    /// <summary>Larger snapshots go into blobs, so that registers stay small.</summary>
    public const int InlineBytes = 32 << 10;

    private readonly IRegister _register = registers.Open(id.Register);
    private readonly SnapshotBlobs _blobs = new(stores, id.StatePrefix);
    private StageCheckpoint _written = StageCheckpoint.None;
    private long _number;

    public Epoch Epoch { get; private set; }

    /// <summary>The last checkpoint known to be durable.</summary>
    public StageCheckpoint Durable => _written;

    /// <summary>Bytes of its state.</summary>
    public long DurableBytes { get; private set; }

    /// <summary>Bears the register, before the catalog names the instance.</summary>
    public static async ValueTask<bool> BearAsync(
        IRegisters registers, InstanceId id, CancellationToken cancellationToken)
    {
        var initial = StageCheckpointCodec.Write(StageCheckpoint.None);
        var outcome = await registers.BearAsync(id.Register, initial, cancellationToken);
        return outcome.Status is RegisterStatus.Chosen or RegisterStatus.Declined;
    }

    /// <summary>
    /// Raises the epoch. The snapshot is empty where there is none yet; null where no majority answered, or no whole
    /// copy of a large one was found.
    /// </summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ActivateAsync(CancellationToken cancellationToken)
    {
        var outcome = await _register.ProposeAsync(
            static value =>
            {
                var current = StageCheckpointCodec.Read(value.Span);
                return StageCheckpointCodec.Write(current with { Epoch = current.Epoch.Next(), Number = 0 });
            },
            cancellationToken);
        if (outcome.Status != RegisterStatus.Chosen)
        {
            return null;
        }

        _written = StageCheckpointCodec.Read(outcome.Value.Span);
        (Epoch, _number) = (_written.Epoch, 0);
        if (_written.Blobs.Count == 0)
        {
            await _blobs.SweepAsync(Epoch, _written, cancellationToken);
            DurableBytes = _written.Snapshot.Length;
            return _written.Snapshot;
        }

        var snapshot = await _blobs.ReadAsync(_written, cancellationToken);
        if (snapshot is not null)
        {
            DurableBytes = snapshot.Length;
            await _blobs.SweepAsync(Epoch, _written, cancellationToken);
        }

        return snapshot;
    }

    public async ValueTask<CheckpointWrite> WriteAsync(
        long cursor, long time, ReadOnlyMemory<byte> snapshot, CancellationToken cancellationToken)
    {
        var checkpoint = new StageCheckpoint { Epoch = Epoch, Number = ++_number, Cursor = cursor, Time = time };
        if (snapshot.Length <= InlineBytes)
        {
            checkpoint = checkpoint with { Snapshot = snapshot };
        }
        else
        {
            var blobs = await _blobs.WriteAsync(Epoch, checkpoint.Number, snapshot, cancellationToken);
            if (blobs is null)
            {
                return CheckpointWrite.Unavailable;
            }

            checkpoint = checkpoint with { Blobs = blobs, BlobHash = Hash128.Of(snapshot.Span) };
        }

        var outcome = await ProposeAsync(checkpoint, cancellationToken);
        DurableBytes = outcome == CheckpointWrite.Written ? snapshot.Length : DurableBytes;
        return outcome;
    }

    private async ValueTask<CheckpointWrite> ProposeAsync(
        StageCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var outcome = await _register.ProposeAsync(
            value =>
            {
                var current = StageCheckpointCodec.Read(value.Span);
                return current.Epoch != checkpoint.Epoch || current.Number >= checkpoint.Number
                    || current.Cursor > checkpoint.Cursor
                    ? null
                    : StageCheckpointCodec.Write(checkpoint);
            },
            cancellationToken);
        if (outcome.Status is RegisterStatus.Unavailable or RegisterStatus.NotBorn)
        {
            return CheckpointWrite.Unavailable;
        }

        var chosen = StageCheckpointCodec.Read(outcome.Value.Span);
        if (chosen.Epoch != checkpoint.Epoch || chosen.Number != checkpoint.Number)
        {
            return CheckpointWrite.Fenced;
        }

        var old = _written.Blobs;
        _written = checkpoint;
        await _blobs.DeleteAsync(old, cancellationToken);
        return CheckpointWrite.Written;
    }
}
