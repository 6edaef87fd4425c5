using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>
/// The last handles of a partition, in the order they came, by exact membership. Entries are numbered; those from
/// <see cref="Committed"/> on are in blocks that are not committed yet, and only committed ones are evicted, so that
/// a window rebuilt from the log is the same window.
/// </summary>
internal sealed class HandleWindow
{
    private Dictionary<HandleKey, long> _numbers = new(HandleKey.Comparer.Instance);
    private Dictionary<Hash128, HomeProducer> _producers = [];
    private readonly int _capacity;
    private WindowEntry[] _entries = new WindowEntry[16];

    public HandleWindow(int capacity) => _capacity = capacity;

    public long First { get; private set; }

    public long Committed { get; private set; }

    public long Next { get; private set; }

    /// <summary>Whether a producer was ever evicted: an unknown one may then be a forgotten one.</summary>
    public bool HasForgottenProducers { get; private set; }

    public HandleWindow Copy() => new(_capacity)
    {
        _numbers = new(_numbers, HandleKey.Comparer.Instance),
        _producers = new(_producers),
        _entries = [.. _entries],
        First = First,
        Committed = Committed,
        Next = Next,
        HasForgottenProducers = HasForgottenProducers,
    };

    public bool TryFind(HandleKey key, out WindowEntry entry, out bool isPending)
    {
        var found = _numbers.TryGetValue(key, out var number);
        entry = found ? this[number] : default;
        isPending = found && number >= Committed;
        return found;
    }

    /// <summary>The last number that this partition, as the home of the producer, has recorded.</summary>
    public bool TryFindProducer(Hash128 producer, out long last)
    {
        var found = _producers.TryGetValue(producer, out var known);
        last = known.Last;
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
        if (entry is { IsHome: true, Key.Kind: HandleKind.Producer })
        {
            _producers.TryGetValue(entry.Key.Handle, out var known);
            _producers[entry.Key.Handle] =
                known.Entries == 0
                    ? new HomeProducer(entry.Key.Sequence, 1)
                    : new HomeProducer(Math.Max(known.Last, entry.Key.Sequence), known.Entries + 1);
        }
    }

    /// <summary>Everything before entry <paramref name="number"/> is committed now.</summary>
    public void Commit(long number)
    {
        Committed = number;
        while (Next - First > _capacity && First < Committed)
        {
            Evict();
        }
    }

    public void Save(ByteWriter to)
    {
        to.Bool(HasForgottenProducers);
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
        HasForgottenProducers = from.Bool();
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

        Commit(Next);
    }

    private ref readonly WindowEntry this[long number] => ref _entries[number & (_entries.Length - 1)];

    private void Evict()
    {
        var entry = this[First];
        if (_numbers.TryGetValue(entry.Key, out var number) && number == First)
        {
            _numbers.Remove(entry.Key);
        }

        First++;
        if (entry is { IsHome: true, Key.Kind: HandleKind.Producer })
        {
            var known = _producers[entry.Key.Handle];
            if (known.Entries > 1)
            {
                _producers[entry.Key.Handle] = known with { Entries = known.Entries - 1 };
            }
            else
            {
                _producers.Remove(entry.Key.Handle);
                HasForgottenProducers = true;
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

    private readonly record struct HomeProducer(long Last, int Entries);
}
