using System.Buffers.Binary;

namespace Pipeline.Queries.Windows;

/// <summary>
/// Byte strings to numbers 0, 1, 2… in the order of arrival; each may carry a second byte string. Open addressing, no
/// object an entry, and no order of its own: <see cref="InOrder"/> sorts by bytes.
/// </summary>
internal sealed class ByteTable
{
    private int[] _places = new int[64];
    private Entry[] _entries = new Entry[32];
    private byte[] _bytes = new byte[1024];
    private int _used;
    private int[] _order = [];
    private ulong[] _prefixes = [];

    public int Count { get; private set; }

    /// <summary>Whether so little of its memory is in use that it should not be kept for the next window.</summary>
    public bool IsOversized => _entries.Length > 4096 && Count < _entries.Length / 8;

    /// <summary>About how many bytes of memory it takes.</summary>
    public long Bytes => _bytes.Length + (_entries.Length * 16L) + (_places.Length * 4L) + (_order.Length * 12L);

    public ReadOnlySpan<byte> Key(int index)
    {
        ref readonly var entry = ref _entries[index];
        return _bytes.AsSpan(entry.Start, entry.Length);
    }

    /// <summary>The second byte string.</summary>
    public ReadOnlySpan<byte> Extra(int index)
    {
        ref readonly var entry = ref _entries[index];
        return _bytes.AsSpan(entry.Start + entry.Length, entry.ExtraLength);
    }

    /// <summary>Its number, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key, uint hash)
    {
        var mask = _places.Length - 1;
        for (var place = (int)hash & mask; ; place = (place + 1) & mask)
        {
            var index = _places[place] - 1;
            if (index < 0 || (_entries[index].Hash == hash && Key(index).SequenceEqual(key)))
            {
                return index;
            }
        }
    }

    /// <summary>Adds what <see cref="Find"/> did not find.</summary>
    public int Add(ReadOnlySpan<byte> key, uint hash, ReadOnlySpan<byte> extra)
    {
        if (Count == _entries.Length)
        {
            Grow();
        }

        var length = key.Length + extra.Length;
        if (length > _bytes.Length - _used)
        {
            var doubled = (int)Math.Min(_bytes.Length * 2L, Array.MaxLength);
            Array.Resize(ref _bytes, checked(Math.Max(doubled, _used + length)));
        }

        key.CopyTo(_bytes.AsSpan(_used));
        extra.CopyTo(_bytes.AsSpan(_used + key.Length));
        _entries[Count] = new Entry(hash, _used, key.Length, extra.Length);
        _used += length;
        Place(Count, hash);
        return Count++;
    }

    public void Clear()
    {
        Array.Clear(_places);
        Count = 0;
        _used = 0;
    }

    /// <summary>All numbers, by their keys' bytes; valid until the next call.</summary>
    public ReadOnlySpan<int> InOrder()
    {
        if (_order.Length < Count)
        {
            _order = new int[_entries.Length];
            _prefixes = new ulong[_entries.Length];
        }

        for (var i = 0; i < Count; i++)
        {
            _order[i] = i;
            _prefixes[i] = Prefix(Key(i));
        }

        // By the first eight bytes at once, then the runs of equal ones by all bytes.
        Array.Sort(_prefixes, _order, 0, Count);
        for (var start = 0; start < Count;)
        {
            var end = start + 1;
            while (end < Count && _prefixes[end] == _prefixes[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                _order.AsSpan(start, end - start).Sort((a, b) => Key(a).SequenceCompareTo(Key(b)));
            }

            start = end;
        }

        return _order.AsSpan(0, Count);
    }

    private static ulong Prefix(ReadOnlySpan<byte> key)
    {
        if (key.Length >= 8)
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        ulong prefix = 0;
        for (var i = 0; i < 8; i++)
        {
            prefix = (prefix << 8) | (i < key.Length ? key[i] : 0u);
        }

        return prefix;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, Count * 2);
        _places = new int[_entries.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            Place(i, _entries[i].Hash);
        }
    }

    private void Place(int index, uint hash)
    {
        var mask = _places.Length - 1;
        var place = (int)hash & mask;
        while (_places[place] != 0)
        {
            place = (place + 1) & mask;
        }

        _places[place] = index + 1;
    }

    private readonly record struct Entry(uint Hash, int Start, int Length, int ExtraLength);
}
