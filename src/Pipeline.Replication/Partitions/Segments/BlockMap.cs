using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions.Segments;

/// <summary>The blocks of one segment, from its start as far as it was read; blocks are numbered from 0.</summary>
internal sealed class BlockMap(SegmentId segment)
{
    private readonly List<BlockEntry> _blocks = [];

    public SegmentId Segment => segment;

    public int Count => _blocks.Count;

    /// <summary>Bytes looked at so far: the next frame begins here.</summary>
    public long ReadTo { get; private set; }

    public BlockEntry this[int block] => _blocks[block];

    /// <summary>Takes the next frame.</summary>
    public void Add(in FrameHeader header)
    {
        if (header.Kind == FrameKind.Data)
        {
            _blocks.Add(new BlockEntry(ReadTo, header.Size, header.First, header.Count, header.Time));
        }

        ReadTo += header.Size;
    }

    /// <summary>
    /// The first block that holds the offset, or lies at it with control parts only; Count if none is known.
    /// </summary>
    public int FindOffset(LogOffset offset)
    {
        int low = 0, high = _blocks.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_blocks[middle].First >= offset || _blocks[middle].End > offset)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>The first block with events accepted at or after a time; Count if none is known.</summary>
    public int FindTime(long ticks)
    {
        for (var i = 0; i < _blocks.Count; i++)
        {
            if (_blocks[i].Time >= ticks && _blocks[i].Count > 0)
            {
                return i;
            }
        }

        return _blocks.Count;
    }
}
