using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>
/// Which entries of a window are younger than it keeps them in any case, told by the times of their blocks, a second
/// exact. Times in ticks.
/// </summary>
internal sealed class WindowAges(long keep)
{
    private const long Grain = TimeSpan.TicksPerSecond;

    private readonly List<Mark> _young = [];
    private long _oldEnd;

    /// <summary>Entries before this one are old enough to be evicted.</summary>
    public long OldEnd => keep == 0 ? long.MaxValue : _oldEnd;

    public WindowAges Copy()
    {
        var copy = new WindowAges(keep) { _oldEnd = _oldEnd };
        copy._young.AddRange(_young);
        return copy;
    }

    /// <summary>It is <paramref name="time"/> now.</summary>
    public void Pass(long time)
    {
        var old = 0;
        while (old < _young.Count && _young[old].Latest <= time - keep)
        {
            _oldEnd = _young[old].End;
            old++;
        }

        _young.RemoveRange(0, old);
    }

    /// <summary>A block of <paramref name="time"/> holds the entries up to <paramref name="end"/>.</summary>
    public void Add(long end, long time)
    {
        if (_young.Count > 0 && time - _young[^1].Earliest < Grain)
        {
            _young[^1] = _young[^1] with { End = end, Latest = time };
        }
        else if (end > (_young.Count > 0 ? _young[^1].End : _oldEnd))
        {
            _young.Add(new Mark(end, time, time));
        }
    }

    public void Save(ByteWriter to, long first)
    {
        to.Int64(_oldEnd - first);
        to.Int32(_young.Count);
        foreach (var mark in _young)
        {
            to.Int64(mark.End - first);
            to.Int64(mark.Earliest);
            to.Int64(mark.Latest);
        }
    }

    public void Load(ref ByteReader from, long first)
    {
        _oldEnd = first + from.Int64();
        var count = from.Count(24);
        for (var i = 0; i < count; i++)
        {
            _young.Add(new Mark(first + from.Int64(), from.Int64(), from.Int64()));
        }
    }

    /// <summary>What is told of a state written before ages were: all of it is old.</summary>
    public void LoadOld(long end) => _oldEnd = end;

    /// <param name="End">The number after its last entry.</param>
    /// <param name="Earliest">The time of its first block.</param>
    /// <param name="Latest">The time of its last block.</param>
    private readonly record struct Mark(long End, long Earliest, long Latest);
}
