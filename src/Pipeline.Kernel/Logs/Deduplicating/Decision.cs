using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>What deduplication says of a part.</summary>
/// <param name="Reply">Appended: all of it is new. Duplicate: all or some of it is not. Else: refused.</param>
/// <param name="New">Events to append.</param>
/// <param name="IsWritten">The part goes into the block (it may hold no events).</param>
/// <param name="IsPending">It rests on a part that is not committed yet: it is said once that is.</param>
internal readonly record struct Decision(LogReply Reply, int New, bool IsWritten, bool IsPending)
{
    /// <summary>Events that were there before.</summary>
    public int Duplicates { get; init; }

    /// <summary>Where the events lie, new and old, where that is not one run of new ones.</summary>
    public IReadOnlyList<LogRun>? Runs { get; init; }

    /// <summary>Numbers of the new events where not all are.</summary>
    public IReadOnlyList<int>? Kept { get; init; }

    public long Expected { get; init; }

    public Origin Last { get; init; } = Origin.None;

    public static Decision Whole(int count) => new(LogReply.Appended, count, IsWritten: true, IsPending: false);

    public static Decision Refuse(LogReply reply) => new(reply, 0, IsWritten: false, IsPending: false);
}
