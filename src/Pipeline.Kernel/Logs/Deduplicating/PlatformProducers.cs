using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>The platform's own producers. Never evicted.</summary>
internal sealed class PlatformProducers
{
    private Dictionary<Hash128, PlatformProducer> _producers = [];

    public PlatformProducer this[Hash128 producer]
    {
        get => _producers.TryGetValue(producer, out var known) ? known : new PlatformProducer(-1, Origin.None, -1);
        set => _producers[producer] = value;
    }

    public PlatformProducers Copy() => new() { _producers = new(_producers) };

    public void Save(ByteWriter to)
    {
        to.Int32(_producers.Count);
        foreach (var (producer, known) in _producers.OrderBy(p => p.Key.High).ThenBy(p => p.Key.Low))
        {
            to.Hash(producer);
            to.Int64(known.Generation);
            to.Int64(known.Last.Offset);
            to.Int32(known.Last.Ordinal);
        }
    }

    public void Load(ref ByteReader from)
    {
        var count = from.Count(36);
        for (var i = 0; i < count; i++)
        {
            _producers[from.Hash()] =
                new PlatformProducer(from.Int64(), new Origin(from.Int64(), from.Int32()), -1);
        }
    }
}
