using Pipeline.Queries.Aggregates;

namespace Pipeline.Queries.Keeping;

/// <summary>The saved form of kept events: by the groups' keys, those of a group in their order.</summary>
internal static class KeptState
{
    /// <summary>Writes the events from the first one on that is not before <paramref name="alive"/>.</summary>
    public static void Save(KeptGroups groups, long alive, StateWriter to)
    {
        var order = groups.InOrder();
        var count = 0;
        foreach (var group in order)
        {
            count += groups[group].FirstFrom(alive) < groups[group].Count ? 1 : 0;
        }

        to.Write(count);
        foreach (var group in order)
        {
            var events = groups[group];
            var first = events.FirstFrom(alive);
            if (first == events.Count)
            {
                continue;
            }

            to.Write(groups.Key(group));
            to.Write(events.Count - first);
            for (var i = first; i < events.Count; i++)
            {
                to.Write(events.Time(i));
                to.Write(events.Data(i));
            }
        }
    }

    /// <summary>
    /// Reads them in the place of all that is there; <paramref name="check"/> throws for wrong bytes.
    /// </summary>
    public static void Load(KeptGroups groups, ref StateReader from, Action<ReadOnlySpan<byte>> check)
    {
        groups.Clear();
        for (var count = from.ReadCount(); count > 0; count--)
        {
            var group = groups.Open(from.ReadBytes());
            for (var events = from.ReadCount(); events > 0; events--)
            {
                var time = from.ReadInt64();
                var data = from.ReadBytes();
                check(data);
                groups.Insert(group, groups[group].Count, time, data);
            }
        }
    }
}
