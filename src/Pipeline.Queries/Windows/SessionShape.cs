using Pipeline.Queries.Keeping;

namespace Pipeline.Queries.Windows;

/// <summary>
/// Sessions: events that are no further apart than the timeout, up to the last of them plus the timeout. With a longest
/// duration there are checks at its multiples; at the first one at which a session has lasted so long it is cut, and
/// goes on in a new window that begins there.
/// </summary>
internal sealed record SessionShape(long Timeout, long Longest) : ContentShape
{
    public override ContentPlace Place(KeptEvents? events, long time, long horizon)
    {
        if (events is not null && IsDead(events, horizon))
        {
            events.Cut = KeptEvents.NoCut;
        }

        var isOpen = time + Timeout >= horizon || (events is not null && Joins(events, time));
        var isCounted = isOpen && (events is null || time > events.Cut.At);
        return new ContentPlace(isCounted, !isCounted);
    }

    public override long Due(long time) => Longest == 0 ? time + Timeout : Math.Min(time + Timeout, Check(time));

    public override bool IsDead(KeptEvents events, long horizon) =>
        events.Count == 0 && (events.Cut == KeptEvents.NoCut || events.Cut.At + Timeout < horizon);

    public override ContentChange Close(KeptEvents events, long before, long horizon, List<ContentWindow> to)
    {
        var (at, cut) = (0, events.Cut);
        while (at < events.Count)
        {
            var first = events.Time(at);
            var goesOn = cut != KeptEvents.NoCut && first - cut.Last <= Timeout;
            var last = goesOn ? cut.Last : first;
            var check = Longest == 0 ? long.MaxValue : Check(goesOn ? first : first + Longest);
            var next = at;
            while (next < events.Count && events.Time(next) <= check && events.Time(next) - last <= Timeout)
            {
                last = events.Time(next++);
            }

            var end = Math.Min(last + Timeout, check);
            if (end >= horizon)
            {
                return new ContentChange(0, at, cut, end);
            }

            to.Add(new ContentWindow(end, 0, at, next));
            (at, cut) = (next, last + Timeout > check ? (check, last) : KeptEvents.NoCut);
        }

        return new ContentChange(0, at, cut, long.MaxValue);
    }

    /// <summary>The first check that is not before the time.</summary>
    private long Check(long time) => (time + Longest - 1) / Longest * Longest;

    private bool Joins(KeptEvents events, long time)
    {
        var place = events.PlaceOf(time);
        return (place > 0 && time - events.Time(place - 1) <= Timeout)
            || (place < events.Count && events.Time(place) - time <= Timeout)
            || (events.Cut != KeptEvents.NoCut && time - events.Cut.Last <= Timeout);
    }
}
