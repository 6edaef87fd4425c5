namespace Pipeline.Replication.Partitions.Frames;

/// <summary>The encoded frames that the log still needs, by their sequence numbers.</summary>
internal sealed class FrameTable
{
    private readonly List<SentFrame> _frames = [];
    private int _head;
    private long _first;

    public void Add(long sequence, SentFrame frame)
    {
        if (_head == _frames.Count)
        {
            _first = sequence;
        }

        _frames.Add(frame);
    }

    /// <summary>Frames from one number to before another, each held once more.</summary>
    public List<SentFrame> Use(long first, long end)
    {
        var used = new List<SentFrame>((int)(end - first));
        for (var sequence = first; sequence < end && Find(sequence) is { } frame; sequence++)
        {
            frame.Buffer.Use();
            used.Add(frame);
        }

        return used;
    }

    public SentFrame? Find(long sequence) =>
        sequence >= _first && sequence - _first < _frames.Count - _head
            ? _frames[_head + (int)(sequence - _first)]
            : null;

    /// <summary>Lets go of all frames before a number.</summary>
    public void Release(long end)
    {
        while (_head < _frames.Count && _first < end)
        {
            _frames[_head++].Buffer.Release();
            _first++;
        }

        if (_head == _frames.Count || _head > 1024)
        {
            _frames.RemoveRange(0, _head);
            _head = 0;
        }
    }
}
