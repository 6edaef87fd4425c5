using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions.Frames;

namespace Pipeline.Replication.Partitions.Reading;

/// <summary>The newest committed blocks of a partition, bounded in bytes; readers get them without a copy.</summary>
internal sealed class BlockCache(long maxBytes)
{
    private readonly List<(LogPosition Position, FrameBuffer Frame)> _blocks = [];
    private int _head;
    private long _bytes;

    public void Add(LogPosition position, FrameBuffer frame)
    {
        _blocks.Add((position, frame.Use()));
        _bytes += frame.Bytes.Length;
        while (_bytes > maxBytes && _blocks.Count - _head > 1)
        {
            var oldest = _blocks[_head].Frame;
            _blocks[_head++] = default;
            _bytes -= oldest.Bytes.Length;
            oldest.Release();
        }

        if (_head > 1024)
        {
            _blocks.RemoveRange(0, _head);
            _head = 0;
        }
    }

    /// <summary>Takes blocks from a position on, if it is here; false where not.</summary>
    public bool TryTake(LogPosition from, long maxBytes, List<LogBlock> blocks)
    {
        var index = Find(from);
        if (index < 0)
        {
            return false;
        }

        for (var taken = 0L; index < _blocks.Count && (taken == 0 || taken < maxBytes); index++)
        {
            var (position, frame) = _blocks[index];
            frame.IsSeen = true;
            taken += frame.Payload.Length;
            blocks.Add(new LogBlock(position, frame.Header.First, frame.Header.Count, frame.Payload));
        }

        return true;
    }

    /// <summary>
    /// The block that holds the offset, or the first one at it, if that is surely the first such one.
    /// </summary>
    public LogPosition? FindOffset(LogOffset offset)
    {
        if (_head == _blocks.Count || _blocks[_head].Frame.Header.First >= offset)
        {
            return null;
        }

        int low = _head, high = _blocks.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            var header = _blocks[middle].Frame.Header;
            (low, high) = header.First >= offset || header.End > offset ? (low, middle) : (middle + 1, high);
        }

        return low < _blocks.Count ? _blocks[low].Position : null;
    }

    private int Find(LogPosition position)
    {
        int low = _head, high = _blocks.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _blocks[middle].Position.CompareTo(position);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}
