using Pipeline.Queries.Expressions;
using Pipeline.Queries.Keeping;

namespace Pipeline.Queries.Windows;

/// <summary>
/// A window that follows from the events themselves, so that these are kept until it closes. Lengths are in ticks; the
/// horizon is the watermark less the lateness: a window whose end is before it is closed.
/// </summary>
internal abstract record ContentShape
{
    /// <summary>What tells apart the events that windows are made of; null: GROUP BY does.</summary>
    public Expression[]? PartitionBy { get; init; }

    /// <summary>How an event of this time stands to those kept; null where there are none.</summary>
    public abstract ContentPlace Place(KeptEvents? events, long time, long horizon);

    /// <summary>Why no event of this time may be kept beside those there are; null: one may.</summary>
    public virtual string? Refusal(KeptEvents events, long time) => null;

    /// <summary>A time before which nothing happens because of an event of this time.</summary>
    public abstract long Due(long time);

    /// <summary>Whether what is left of a group means nothing any more.</summary>
    public abstract bool IsDead(KeptEvents events, long horizon);

    /// <summary>Adds the windows that are closed now and were not before.</summary>
    public abstract ContentChange Close(KeptEvents events, long before, long horizon, List<ContentWindow> to);
}
