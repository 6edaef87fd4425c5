using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Records;
using Pipeline.Replication.Registers;

namespace Pipeline.Processing.Instances;

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
    private long _term;

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

    /// <summary>Raises the epoch, under a term that is not lower than the register's.</summary>
    public async ValueTask<CheckpointActivation> ActivateAsync(long term, CancellationToken cancellationToken)
    {
        var outcome = await _register.ProposeAsync(
            value => StageCheckpointRules.Activate(StageCheckpointCodec.Read(value.Span), term) is { } next
                ? StageCheckpointCodec.Write(next)
                : null,
            cancellationToken);
        if (outcome.Status == RegisterStatus.Declined)
        {
            return CheckpointActivation.CutFor(StageCheckpointCodec.Read(outcome.Value.Span).Term);
        }

        if (outcome.Status != RegisterStatus.Chosen)
        {
            return CheckpointActivation.Unavailable;
        }

        _written = StageCheckpointCodec.Read(outcome.Value.Span);
        (Epoch, _number, _term) = (_written.Epoch, 0, term);
        if (await SnapshotAsync(_written, cancellationToken) is not { } snapshot)
        {
            return CheckpointActivation.Unavailable;
        }

        DurableBytes = snapshot.Length;
        await _blobs.SweepAsync(Epoch, _written, cancellationToken);
        return CheckpointActivation.Of(snapshot);
    }

    /// <summary>What it holds now, without taking over; null where no majority answered.</summary>
    public async ValueTask<StageCheckpoint?> PeekAsync(CancellationToken cancellationToken)
    {
        var outcome = await _register.ReadAsync(cancellationToken);
        return outcome.Status == RegisterStatus.Chosen ? StageCheckpointCodec.Read(outcome.Value.Span) : null;
    }

    /// <summary>The snapshot that a checkpoint names; empty: none yet. Null where no whole copy was found.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> SnapshotAsync(
        StageCheckpoint checkpoint, CancellationToken cancellationToken) => checkpoint.Blobs.Count == 0
        ? checkpoint.Snapshot
        : await _blobs.ReadAsync(checkpoint, cancellationToken) is { } bytes ? bytes : null;

    /// <summary>
    /// Sets where an instance begins that ran nowhere until now: false where no majority answered, or a later change
    /// was
    /// here.
    /// </summary>
    public async ValueTask<bool> SeedAsync(
        long term, long cursor, long time, ReadOnlyMemory<byte> snapshot, CancellationToken cancellationToken)
    {
        var seed = StageCheckpoint.None with { Term = term, Cursor = cursor, Time = time };
        if (snapshot.Length <= InlineBytes)
        {
            seed = seed with { Snapshot = snapshot };
        }
        else if (await _blobs.WriteSeedAsync(term, snapshot, cancellationToken) is { } blobs)
        {
            seed = seed with { Blobs = blobs, BlobHash = Hash128.Of(snapshot.Span) };
        }
        else
        {
            return false;
        }

        var outcome = await _register.ProposeAsync(
            value => StageCheckpointRules.Seed(StageCheckpointCodec.Read(value.Span), seed) is { } next
                ? StageCheckpointCodec.Write(next)
                : null,
            cancellationToken);
        return outcome.Status is RegisterStatus.Chosen or RegisterStatus.Declined
            && StageCheckpointCodec.Read(outcome.Value.Span).Term == term;
    }

    public async ValueTask<CheckpointReply> WriteAsync(
        long cursor, long time, ReadOnlyMemory<byte> snapshot, CancellationToken cancellationToken)
    {
        var checkpoint = new StageCheckpoint
        {
            Epoch = Epoch,
            Number = ++_number,
            Term = _term,
            Cursor = cursor,
            Time = time,
        };
        if (snapshot.Length <= InlineBytes)
        {
            checkpoint = checkpoint with { Snapshot = snapshot };
        }
        else
        {
            var blobs = await _blobs.WriteAsync(Epoch, checkpoint.Number, snapshot, cancellationToken);
            if (blobs is null)
            {
                return CheckpointReply.Unavailable;
            }

            checkpoint = checkpoint with { Blobs = blobs, BlobHash = Hash128.Of(snapshot.Span) };
        }

        var outcome = await ProposeAsync(checkpoint, cancellationToken);
        DurableBytes = outcome == CheckpointReply.Written ? snapshot.Length : DurableBytes;
        return outcome;
    }

    private async ValueTask<CheckpointReply> ProposeAsync(
        StageCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var outcome = await _register.ProposeAsync(
            value => StageCheckpointRules.Write(StageCheckpointCodec.Read(value.Span), checkpoint) is { } next
                ? StageCheckpointCodec.Write(next)
                : null,
            cancellationToken);
        if (outcome.Status is RegisterStatus.Unavailable or RegisterStatus.NotBorn)
        {
            return CheckpointReply.Unavailable;
        }

        var chosen = StageCheckpointCodec.Read(outcome.Value.Span);
        if (chosen.Epoch != checkpoint.Epoch || chosen.Number != checkpoint.Number)
        {
            return CheckpointReply.Fenced;
        }

        var old = _written.Blobs;
        _written = checkpoint;
        await _blobs.DeleteAsync(old, cancellationToken);
        return CheckpointReply.Written;
    }
}
