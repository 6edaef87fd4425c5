using Pipeline.Definitions.Planning;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// A handle on an instance that this host runs, or has another process run. Changed on the root loop.
/// </summary>
internal sealed class RunningInstance(InstanceSpec spec, IInstance instance, IPartition input)
{
    private StageCheckpointView? _seen;

    public InstanceSpec Spec { get; } = spec;

    public IInstance Instance { get; } = instance;

    /// <summary>The partition it reads.</summary>
    public IPartition Input { get; } = input;

    public InstanceAddress Address => Spec.Address;

    public InstanceId Id => Spec.Id;

    /// <summary>Null: a sink.</summary>
    public GroupPlan? Group => Spec.Group;

    public bool IsStarted { get; private set; }

    /// <summary>It was stopped: another handle takes its place.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The stage instance now; null for a sink.</summary>
    public IInstance? Stage =>
        Group is null ? null : Instance is ReactivatedInstance { Current: var current } ? current : Instance;

    /// <summary>The cursor of its last durable checkpoint, also while it does not run; null: not known.</summary>
    public long? DurableCursor => Instance.DurableCursor ?? Volatile.Read(ref _seen)?.Cursor;

    /// <summary>How it is; what does not run shows its checkpoint.</summary>
    public StageInstanceStatus Status
    {
        get
        {
            var status = Instance.Status;
            return Instance.DurableCursor is null && Volatile.Read(ref _seen) is { } seen && status.Cursor == 0
                ? (status with
                {
                    Cursor = seen.Cursor,
                    CheckpointCursor = seen.Time > 0 ? seen.Cursor : null,
                    CheckpointTime = seen.Time > 0 ? seen.Time : null,
                }).Against(Input.Status)
                : status;
        }
    }

    public void Start()
    {
        IsStarted = true;
        Instance.Start();
    }

    /// <summary>What its register says, while it does not run.</summary>
    public void See(StageCheckpointView seen) => Volatile.Write(ref _seen, seen);

    public async Task<bool> StopAsync(bool withCheckpoint, CancellationToken cancellationToken)
    {
        IsOver = true;
        return await Instance.StopAsync(withCheckpoint, cancellationToken);
    }

    /// <summary>Cuts it; the handle is over then, however that ended.</summary>
    public async Task<CutResult> CutAsync(CutOrder order, CancellationToken cancellationToken)
    {
        IsOver = true;
        return await Instance.CutAsync(order, cancellationToken);
    }
}

/// <summary>A checkpoint as somebody sees it who does not run the instance.</summary>
/// <param name="Cursor">The next offset to read.</param>
/// <param name="Time">When it was written, ticks UTC; 0: never.</param>
internal sealed record StageCheckpointView(long Cursor, long Time);
