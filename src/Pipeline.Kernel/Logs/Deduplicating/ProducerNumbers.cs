using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>
/// How far the producers of a partition have come. Invariants:
/// <list type="bullet">
/// <item>A producer that was seen once is known for good: no number is taken for new after it left the window.</item>
/// <item>The home of a producer knows its last number; each partition knows the highest that left its window.</item>
/// </list>
/// </summary>
internal sealed class ProducerNumbers
{
    private Dictionary<Hash128, Numbers> _producers = [];
    private List<Hash128> _evicted = [];

    public int Count => _producers.Count;

    /// <summary>An earlier version dropped producers: an unknown one that does not begin may be one of them.</summary>
    public bool HasLost { get; private set; }

    public ProducerNumbers Copy() => new()
    {
        _producers = new(_producers),
        _evicted = [.. _evicted],
        HasLost = HasLost,
    };

    public bool Knows(Hash128 producer) => _producers.ContainsKey(producer);

    /// <summary>The number that comes next, as the home of the producer knows it.</summary>
    public long NextOf(Hash128 producer) => (_producers.TryGetValue(producer, out var known) ? known.Last : -1) + 1;

    /// <summary>The highest number that left the window; -1: none.</summary>
    public long EvictedOf(Hash128 producer) => _producers.TryGetValue(producer, out var known) ? known.Evicted : -1;

    public void Add(in WindowEntry entry)
    {
        var known = Of(entry.Key.Handle);
        _producers[entry.Key.Handle] =
            entry.IsHome ? known with { Last = Math.Max(known.Last, entry.Key.Sequence) } : known;
    }

    public void Evict(in WindowEntry entry)
    {
        var known = Of(entry.Key.Handle);
        if (known.Evicted < 0)
        {
            _evicted.Add(entry.Key.Handle);
        }

        _producers[entry.Key.Handle] = known with { Evicted = Math.Max(known.Evicted, entry.Key.Sequence) };
    }

    /// <summary>Known-bad: forgets the producer with the last number that it had recorded here.</summary>
    public void Drop(in WindowEntry entry)
    {
        if (entry.IsHome && Of(entry.Key.Handle).Last == entry.Key.Sequence)
        {
            _producers.Remove(entry.Key.Handle);
            _evicted.Remove(entry.Key.Handle);
        }
    }

    /// <summary>The first byte of the window's state; earlier versions read it as: some were dropped.</summary>
    public byte Flags() => (byte)((HasLost ? 1 : 0) | (_evicted.Count > 0 ? 2 : 0));

    public void LoadFlags(byte flags) => HasLost = (flags & 1) != 0;

    /// <summary>Writes those of which something left the window; the window itself tells of the others.</summary>
    public void Save(ByteWriter to)
    {
        to.Int32(_evicted.Count);
        foreach (var producer in _evicted)
        {
            var known = _producers[producer];
            to.Hash(producer);
            to.Int64(known.Last);
            to.Int64(known.Evicted);
        }
    }

    public void Load(ref ByteReader from)
    {
        var count = from.Count(32);
        for (var i = 0; i < count; i++)
        {
            var producer = from.Hash();
            var last = Math.Max(Of(producer).Last, from.Int64());
            _producers[producer] = new Numbers(last, from.Int64());
            _evicted.Add(producer);
        }
    }

    private Numbers Of(Hash128 producer) =>
        _producers.TryGetValue(producer, out var known) ? known : new Numbers(-1, -1);

    /// <param name="Last">The last number recorded by this partition as the producer's home; -1: none.</param>
    /// <param name="Evicted">The highest number that left this partition's window; -1: none.</param>
    private readonly record struct Numbers(long Last, long Evicted);
}
