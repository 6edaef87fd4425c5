namespace Pipeline.Processing.Instances;

/// <summary>A stage or sink at work on one partition of its input.</summary>
public interface IInstance
{
    /// <summary>May be read from any thread.</summary>
    StageInstanceStatus Status { get; }

    /// <summary>The cursor of the last durable checkpoint; null while it is not known.</summary>
    long? DurableCursor { get; }

    /// <summary>
    /// A later activation was here. Once ended, a new instance may take its place: the other host may be gone by then.
    /// </summary>
    bool IsOvertaken { get; }

    /// <summary>Completes when it has ended, whatever the reason.</summary>
    Task EndedAsync();

    /// <summary>Begins; at once, wherever it runs.</summary>
    void Start();

    /// <summary>
    /// Ends it. With a checkpoint: all outputs are committed first and the checkpoint is at the cursor; false where
    /// that did not succeed before <paramref name="cancellationToken"/> fired.
    /// </summary>
    ValueTask<bool> StopAsync(bool withCheckpoint, CancellationToken cancellationToken);

    /// <summary>
    /// Brings it to a clean cut under a term of its own: all that its targets hold was made and counted by its
    /// checkpoint,
    /// and no older activation can add to them. It does not run on, and must not run meanwhile.
    /// </summary>
    ValueTask<CutResult> CutAsync(CutOrder order, CancellationToken cancellationToken);

    /// <summary>A stage: tells the readers of its outputs not to wait for it, which never had input.</summary>
    void Leave()
    {
    }

    /// <summary>A stage: its snapshot is to be written again, because the stores have changed.</summary>
    void Renew()
    {
    }

    /// <summary>A stage: somebody may read its outputs now who did not before.</summary>
    void SeeTo()
    {
    }
}
