using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Keeping;

namespace Pipeline.Queries.Joins;

/// <summary>
/// The events of one side that may still meet others, by their values in ON and then by time. Before each event stands
/// a byte: whether it has met one.
/// </summary>
internal sealed class JoinBuffer
{
    private const byte Unmatched = 0;
    private const byte Matched = 1;

    private byte[] _packed = new byte[256];

    public KeptGroups Groups { get; } = new();

    public static bool IsMatched(ReadOnlySpan<byte> data) => data[0] == Matched;

    public static ReadOnlySpan<byte> Event(ReadOnlySpan<byte> data) => data[1..];

    public static void Match(KeptEvents events, int index) => events.Edit(index)[0] = Matched;

    /// <summary>The group that the event is in.</summary>
    public int Add(ReadOnlySpan<byte> key, long time, ReadOnlySpan<byte> value, bool isMatched)
    {
        if (_packed.Length <= value.Length)
        {
            _packed = new byte[value.Length * 2];
        }

        _packed[0] = isMatched ? Matched : Unmatched;
        value.CopyTo(_packed.AsSpan(1));
        var group = Groups.Open(key);
        Groups.Insert(group, Groups[group].PlaceOf(time), time, _packed.AsSpan(0, value.Length + 1));
        return group;
    }

    /// <summary>Drops a group's events before a time.</summary>
    public void DropBefore(int group, long time)
    {
        var events = Groups[group];
        var count = 0;
        while (count < events.Count && events.Time(count) < time)
        {
            count++;
        }

        Groups.RemoveFirst(group, count);
    }

    /// <summary>Writes the events from a time on, by the groups' keys.</summary>
    public void Save(long alive, StateWriter to)
    {
        var order = Groups.InOrder();
        var count = 0;
        foreach (var group in order)
        {
            count += Groups[group].Count > 0 && Groups[group].Latest >= alive ? 1 : 0;
        }

        to.Write(count);
        foreach (var group in order)
        {
            var events = Groups[group];
            if (events.Count == 0 || events.Latest < alive)
            {
                continue;
            }

            var first = 0;
            while (events.Time(first) < alive)
            {
                first++;
            }

            to.Write(Groups.Key(group));
            to.Write(events.Count - first);
            for (var i = first; i < events.Count; i++)
            {
                to.Write(events.Time(i));
                to.Write(events.Data(i));
            }
        }
    }

    public void Load(ref StateReader from)
    {
        Groups.Clear();
        for (var count = from.ReadCount(); count > 0; count--)
        {
            var group = Groups.Open(from.ReadBytes());
            for (var events = from.ReadCount(); events > 0; events--)
            {
                var time = from.ReadInt64();
                var data = from.ReadBytes();
                if (data.Length < 2 || data[0] > Matched)
                {
                    throw StateReader.Invalid();
                }

                Groups.Insert(group, Groups[group].PlaceOf(time), time, data);
            }
        }
    }
}
