using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>
/// The last handles of a partition, in the order they came, by exact membership. Entries are numbered; those from
/// <see cref="Committed"/> on are in blocks that are not committed yet, and only committed ones are evicted, by what
/// the log says of their number and times, so that a window rebuilt from the log holds at least what this one holds.
/// </summary>
internal sealed class HandleWindow
{
    private Dictionary<HandleKey, long> _numbers = new(HandleKey.Comparer.Instance);
    private readonly LogOptions _options;
    private readonly LogFlaws _flaws;
    private readonly WindowAges _ages;
    private WindowEntry[] _entries = new WindowEntry[16];

    public HandleWindow(LogOptions options, LogFlaws flaws)
        : this(options, flaws, new ProducerNumbers(), new WindowAges(options.WindowTicks))
    {
    }

    private HandleWindow(LogOptions options, LogFlaws flaws, ProducerNumbers numbers, WindowAges ages) =>
        (_options, _flaws, Numbers, _ages) = (options, flaws, numbers, ages);

    public long First { get; private set; }

    public long Committed { get; private set; }

    public long Next { get; private set; }

    public ProducerNumbers Numbers { get; }

    public HandleWindow Copy() => new(_options, _flaws, Numbers.Copy(), _ages.Copy())
    {
        _numbers = new(_numbers, HandleKey.Comparer.Instance),
        _entries = [.. _entries],
        First = First,
        Committed = Committed,
        Next = Next,
    };

    /// <summary>Whether so many more are more than may be remembered.</summary>
    public bool IsFullFor(int count) =>
        Next - First + count > Math.Max(_options.MaxWindowHandles, 2L * _options.WindowHandles);

    public bool Has(HandleKey key) => _numbers.ContainsKey(key);

    public bool TryFind(HandleKey key, out WindowEntry entry, out bool isPending)
    {
        var found = _numbers.TryGetValue(key, out var number);
        entry = found ? this[number] : default;
        isPending = found && number >= Committed;
        return found;
    }

    public void Add(in WindowEntry entry)
    {
        if (Next - First == _entries.Length)
        {
            Grow();
        }

        _entries[Next & (_entries.Length - 1)] = entry;
        _numbers[entry.Key] = Next;
        Next++;
        if (entry.Key.Kind == HandleKind.Producer)
        {
            Numbers.Add(entry);
        }
    }

    /// <summary>Everything before entry <paramref name="number"/> is committed now.</summary>
    public void Commit(long number)
    {
        Committed = number;
        EvictOld();
    }

    /// <summary>Entries that follow are in a block of this time, ticks UTC.</summary>
    public void Begin(long time)
    {
        _ages.Pass(time);
        EvictOld();
    }

    /// <summary>The entries of the block of this time are all there.</summary>
    public void End(long time) => _ages.Add(Next, time);

    public void Save(ByteWriter to)
    {
        to.Byte(Numbers.Flags());
        to.Int32((int)(Next - First));
        for (var number = First; number < Next; number++)
        {
            ref readonly var entry = ref this[number];
            to.Byte((byte)((int)entry.Key.Kind | (entry.IsHome ? 128 : 0)));
            to.Hash(entry.Key.Handle);
            to.Int64(entry.First.Value);
            if (entry.Key.Kind != HandleKind.Event)
            {
                to.Int64(entry.Key.Sequence);
                to.Hash(entry.Body);
                to.Int32(entry.Count);
            }
        }
    }

    public void Load(ref ByteReader from)
    {
        Numbers.LoadFlags(from.Byte());
        var count = from.Count(25);
        for (var i = 0; i < count; i++)
        {
            var flags = from.Byte();
            var kind = (HandleKind)(flags & 127);
            var handle = from.Hash();
            var first = new LogOffset(from.Int64());
            Add(kind == HandleKind.Event
                ? new WindowEntry(HandleKey.OfEvent(handle), default, first, 1, false)
                : new WindowEntry(
                    new HandleKey(kind, handle, from.Int64()), from.Hash(), first, from.Int32(), (flags & 128) != 0));
        }

        _ages.LoadOld(Next);
    }

    /// <summary>Written last, so that a version that does not know of it reads the rest.</summary>
    public void SaveNumbers(ByteWriter to)
    {
        Numbers.Save(to);
        _ages.Save(to, First);
    }

    public void LoadNumbers(ref ByteReader from)
    {
        Numbers.Load(ref from);
        _ages.Load(ref from, First);
    }

    private ref readonly WindowEntry this[long number] => ref _entries[number & (_entries.Length - 1)];

    private void EvictOld()
    {
        var end = Math.Min(Committed, _ages.OldEnd);
        while (Next - First > _options.WindowHandles && First < end)
        {
            Evict();
        }
    }

    private void Evict()
    {
        var entry = this[First];
        if (_numbers.TryGetValue(entry.Key, out var number) && number == First)
        {
            _numbers.Remove(entry.Key);
        }

        First++;
        if (entry.Key.Kind == HandleKind.Producer)
        {
            Numbers.Evict(entry);
            if ((_flaws & LogFlaws.ForgetProducers) != 0)
            {
                Numbers.Drop(entry);
            }
        }
    }

    private void Grow()
    {
        var larger = new WindowEntry[_entries.Length * 2];
        for (var number = First; number < Next; number++)
        {
            larger[number & (larger.Length - 1)] = this[number];
        }

        _entries = larger;
    }
}
