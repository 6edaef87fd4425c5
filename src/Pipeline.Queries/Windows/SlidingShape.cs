using Pipeline.Queries.Keeping;

namespace Pipeline.Queries.Windows;

/// <summary>
/// Sliding windows (end - size, end], one at each time at which an event enters or leaves, while there are events in
/// it.
/// </summary>
internal sealed record SlidingShape(long Length) : ContentShape
{
    public const int MostEvents = 10_000;

    public override ContentPlace Place(KeptEvents? events, long time, long horizon) =>
        new(time + Length > horizon, time < horizon);

    /// <summary>A result is computed from all events of its window: what one event costs must end somewhere.</summary>
    public override string? Refusal(KeptEvents events, long time)
    {
        var place = events.PlaceOf(time);
        var most = Math.Max(place - events.PlaceOf(time - Length), events.PlaceOf(time + Length - 1) - place);
        return most < MostEvents
            ? null
            : $"a sliding window holds at most {MostEvents} events of a group: make it shorter, or group by more";
    }

    public override long Due(long time) => time;

    public override bool IsDead(KeptEvents events, long horizon) => events.Count == 0;

    public override ContentChange Close(KeptEvents events, long before, long horizon, List<ContentWindow> to)
    {
        // Behind the last horizon, what enters next and what leaves next.
        var (enters, leaves) = (0, 0);
        while (enters < events.Count && events.Time(enters) < before)
        {
            enters++;
        }

        while (leaves < events.Count && events.Time(leaves) + Length < before)
        {
            leaves++;
        }

        while (leaves < events.Count)
        {
            var end = events.Time(leaves) + Length;
            end = enters < events.Count ? Math.Min(end, events.Time(enters)) : end;
            if (end >= horizon)
            {
                return new ContentChange(0, leaves, KeptEvents.NoCut, end);
            }

            while (enters < events.Count && events.Time(enters) == end)
            {
                enters++;
            }

            while (leaves < events.Count && events.Time(leaves) + Length == end)
            {
                leaves++;
            }

            if (leaves < enters)
            {
                to.Add(new ContentWindow(end, 0, leaves, enters));
            }
        }

        return new ContentChange(0, leaves, KeptEvents.NoCut, long.MaxValue);
    }
}
