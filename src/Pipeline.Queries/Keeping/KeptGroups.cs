using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Keeping;

/// <summary>
/// Kept events by group. Groups of which all is out of date go when there are many, all at once: what they held must
/// mean nothing any more.
/// </summary>
internal sealed class KeptGroups
{
    private const int FewGroups = 256;

    private readonly Stack<KeptEvents> _spare = new();
    private ByteTable _keys = new();
    private KeptEvents[] _events = [];
    private long _held;
    private int _sweepAt = FewGroups;

    public int Count => _keys.Count;

    /// <summary>About how many bytes of memory they take.</summary>
    public long Bytes => _keys.Bytes + (_events.Length * 8L) + _held;

    public KeptEvents this[int group] => _events[group];

    public ReadOnlySpan<byte> Key(int group) => _keys.Key(group);

    public ReadOnlySpan<int> InOrder() => _keys.InOrder();

    /// <summary>The group, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key) => _keys.Find(key, ByteHash.Of(key));

    public int Open(ReadOnlySpan<byte> key)
    {
        var hash = ByteHash.Of(key);
        var found = _keys.Find(key, hash);
        if (found >= 0)
        {
            return found;
        }

        var group = _keys.Add(key, hash, default);
        if (group == _events.Length)
        {
            Array.Resize(ref _events, Math.Max(32, group * 2));
        }

        _events[group] = _spare.TryPop(out var spare) ? spare : new KeptEvents();
        _held += _events[group].Bytes;
        return group;
    }

    public void Insert(int group, int index, long time, ReadOnlySpan<byte> data)
    {
        var events = _events[group];
        var before = events.Bytes;
        events.Insert(index, time, data);
        _held += events.Bytes - before;
    }

    public void RemoveFirst(int group, int count)
    {
        if (count > 0)
        {
            var events = _events[group];
            var before = events.Bytes;
            events.RemoveFirst(count);
            _held += events.Bytes - before;
        }
    }

    /// <summary>Where groups have become many: drops the dead ones; true where the numbers of groups changed.</summary>
    public bool TrySweep(Predicate<KeptEvents> isDead)
    {
        if (Count < _sweepAt)
        {
            return false;
        }

        var (before, kept) = (_keys, new ByteTable());
        for (var group = 0; group < before.Count; group++)
        {
            var events = _events[group];
            if (!isDead(events))
            {
                var key = before.Key(group);
                _events[kept.Add(key, ByteHash.Of(key), default)] = events;
            }
            else
            {
                Recycle(events);
            }
        }

        Array.Clear(_events, kept.Count, before.Count - kept.Count);
        _keys = kept;
        _sweepAt = Math.Max(FewGroups, kept.Count * 2);
        return true;
    }

    public void Clear()
    {
        for (var group = 0; group < Count; group++)
        {
            Recycle(_events[group]);
        }

        Array.Clear(_events);
        _keys.Clear();
    }

    private void Recycle(KeptEvents events)
    {
        _held -= events.Bytes;
        if (_spare.Count < FewGroups && events.Bytes < 1024)
        {
            events.Clear();
            (events.Due, events.Cut) = (long.MaxValue, KeptEvents.NoCut);
            _spare.Push(events);
        }
    }
}
