namespace Pipeline.Queries.Keeping;

/// <summary>
/// What is kept of a few events, each as its time and bytes, in an order that the user gives. The bytes lie in one
/// array, so that an event more costs no object.
/// </summary>
internal sealed class KeptEvents
{
    private const int OwnBytes = 120;
    private const int EntryBytes = 16;
    private const int LeastSize = 64;

    private Entry[] _entries = new Entry[2];
    private byte[] _bytes = [];
    private int _first;
    private int _used;
    private int _live;

    /// <summary>Whether the entries' bytes lie in the order of the entries.</summary>
    private bool _isInOrder = true;

    public int Count { get; private set; }

    /// <summary>The latest time of all events since it was empty.</summary>
    public long Latest { get; private set; } = long.MinValue;

    /// <summary>When its user looks at it next; long.MaxValue: not before there is another event.</summary>
    public long Due { get; set; } = long.MaxValue;

    /// <summary>
    /// Where a session was cut that may go on, and its last event before that; long.MinValue: nowhere.
    /// </summary>
    public (long At, long Last) Cut { get; set; } = NoCut;

    public static (long At, long Last) NoCut => (long.MinValue, long.MinValue);

    /// <summary>About how many bytes of memory it takes.</summary>
    public long Bytes => OwnBytes + (_entries.Length * EntryBytes) + _bytes.Length;

    public long Time(int index) => _entries[_first + index].Time;

    public ReadOnlySpan<byte> Data(int index)
    {
        ref readonly var entry = ref _entries[_first + index];
        return _bytes.AsSpan(entry.Start, entry.Length);
    }

    /// <summary>The same, to be changed in place.</summary>
    public Span<byte> Edit(int index)
    {
        ref readonly var entry = ref _entries[_first + index];
        return _bytes.AsSpan(entry.Start, entry.Length);
    }

    /// <summary>How many events there are before the first that is not before a time.</summary>
    public int FirstFrom(long time)
    {
        var first = 0;
        while (first < Count && Time(first) < time)
        {
            first++;
        }

        return first;
    }

    /// <summary>Where an event of this time belongs in the order of times, behind those of the same time.</summary>
    public int PlaceOf(long time)
    {
        if (Count == 0 || Time(Count - 1) <= time)
        {
            return Count;
        }

        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = Time(middle) <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    public void Insert(int index, long time, ReadOnlySpan<byte> data)
    {
        var start = Reserve(data.Length);
        data.CopyTo(_bytes.AsSpan(start));
        _isInOrder &= index == Count;
        Shift();
        var place = _first + index;
        Array.Copy(_entries, place, _entries, place + 1, Count - index);
        _entries[place] = new Entry(time, start, data.Length);
        Count++;
        Latest = Math.Max(Latest, time);
    }

    public void RemoveFirst(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _live -= _entries[_first + i].Length;
        }

        _first += count;
        Count -= count;
        if (Count == 0)
        {
            Clear();
        }
    }

    public void Clear()
    {
        (_first, _used, _live, Count) = (0, 0, 0, 0);
        (_isInOrder, Latest) = (true, long.MinValue);
    }

    /// <summary>Makes room for an entry behind the last.</summary>
    private void Shift()
    {
        if (_first + Count < _entries.Length)
        {
            return;
        }

        if (_first > 0 && _first >= Count / 2)
        {
            Array.Copy(_entries, _first, _entries, 0, Count);
        }
        else
        {
            var larger = new Entry[Math.Max(4, Count * 2)];
            Array.Copy(_entries, _first, larger, 0, Count);
            _entries = larger;
        }

        _first = 0;
    }

    /// <summary>Where that many bytes have room.</summary>
    private int Reserve(int length)
    {
        if (length > _bytes.Length - _used)
        {
            var isWasted = _isInOrder && _live + (long)length <= _bytes.Length / 2;
            var size = Math.Max(LeastSize, Math.Min((_live + (long)length) * 2, Array.MaxLength));
            Pack(isWasted ? _bytes : new byte[Math.Max(size, checked(_live + length))]);
        }

        var start = _used;
        _used += length;
        _live += length;
        return start;
    }

    /// <summary>Leaves out the bytes of what was removed; where they lie in order, this can be done in place.</summary>
    private void Pack(byte[] to)
    {
        _used = 0;
        for (var i = _first; i < _first + Count; i++)
        {
            var entry = _entries[i];
            Buffer.BlockCopy(_bytes, entry.Start, to, _used, entry.Length);
            _entries[i] = entry with { Start = _used };
            _used += entry.Length;
        }

        (_bytes, _isInOrder) = (to, true);
    }

    private readonly record struct Entry(long Time, int Start, int Length);
}
