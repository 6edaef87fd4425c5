using Pipeline.Processing.Instances;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// A place that keeps a sink's rows and its cursor, changed together or not at all. Lives on the sink's loop, one call
/// at a time. Calls fail with <see cref="SinkTargetException"/>; then it is left, and entered again.
/// </summary>
internal interface ISinkTarget
{
    /// <summary>Tells this place from others: kept in the sink's checkpoint.</summary>
    ReadOnlyMemory<byte> Mark { get; }

    /// <summary>
    /// Takes the place over from all activations before: none of them writes any more. Gives the cursor that it holds;
    /// null where a later activation was here.
    /// </summary>
    ValueTask<long?> EnterAsync(SinkEntrance entrance, CancellationToken cancellationToken);

    /// <summary>Writes rows and moves the cursor; only after it was entered.</summary>
    ValueTask<SinkAnswer> WriteAsync(SinkBatch batch, CancellationToken cancellationToken);

    /// <summary>Lets go of connections; whatever was under way is undone, or done wholly.</summary>
    ValueTask LeaveAsync();
}

/// <summary>Who enters a target.</summary>
/// <param name="Epoch">The activation; later ones have higher numbers.</param>
/// <param name="Cursor">The cursor of the sink's checkpoint.</param>
/// <param name="IsKnown">
/// The sink has written here, and nowhere else since: the target's own cursor counts, and there must be one. Otherwise
/// the larger of both does.
/// </param>
internal readonly record struct SinkEntrance(long Epoch, long Cursor, bool IsKnown)
{
    /// <summary>
    /// Activations that are further apart are of a service and of one that was restored from its backup: each restore
    /// raises the epochs by twice as much.
    /// </summary>
    public const long HistoryEpochs = 1L << 31;

    /// <summary>
    /// Where the stream ended when it was restored the last time: whoever wrote here before, and came further, wrote
    /// other events. Without a restore it is beyond everything.
    /// </summary>
    public long RestoredEnd { get; init; } = long.MaxValue;
}

/// <summary>Rows in the order of their offsets, and the cursor before and after them.</summary>
internal readonly record struct SinkBatch(long From, IReadOnlyList<SinkRow> Rows, long Next);

/// <summary>What became of a batch.</summary>
internal enum SinkVerdict
{
    /// <summary>All of it is durable, with the cursor.</summary>
    Written,

    /// <summary>Nothing was written: at least one row is refused, however often it is tried.</summary>
    Refused,

    /// <summary>Nothing was written: a later activation is there.</summary>
    Overtaken,
}

/// <summary>The answer to a batch.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="Reason">Why it is refused, for people.</param>
/// <param name="Row">Which row is refused; null: not known.</param>
internal readonly record struct SinkAnswer(SinkVerdict Verdict, string? Reason = null, int? Row = null);

/// <summary>The target cannot be written to now; nobody knows what became of the last batch.</summary>
/// <param name="message">Why, for people, without secrets.</param>
/// <param name="needsPerson">It will not mend by itself, as a table that is not there.</param>
/// <param name="cause">What was thrown.</param>
internal sealed class SinkTargetException(string message, bool needsPerson, Exception? cause = null)
    : Exception(message, cause)
{
    public bool NeedsPerson { get; } = needsPerson;

    /// <summary>What the sink says of itself then.</summary>
    public (StageInstanceState State, string Reason) Said =>
        (NeedsPerson ? StageInstanceState.Failed : StageInstanceState.Blocked, Message);
}
