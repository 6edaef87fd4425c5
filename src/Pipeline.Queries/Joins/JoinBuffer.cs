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
    public void DropBefore(int group, long time) => Groups.RemoveFirst(group, Groups[group].FirstFrom(time));

    /// <summary>Writes the events from a time on.</summary>
    public void Save(long alive, StateWriter to) => KeptState.Save(Groups, alive, to);

    public void Load(ref StateReader from) => KeptState.Load(Groups, ref from, static data =>
    {
        if (data.Length < 2 || data[0] > Matched)
        {
            throw StateReader.Invalid();
        }
    });
}
