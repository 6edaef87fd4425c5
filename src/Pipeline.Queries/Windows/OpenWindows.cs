namespace Pipeline.Queries.Windows;

/// <summary>The open windows by their ends; tables of closed ones are used again.</summary>
internal sealed class OpenWindows(WindowPlan plan)
{
    /// <summary>Of tables to be used again, one is kept whatever its size, more of them up to this.</summary>
    private const long MostSpareBytes = 64 << 20;

    private readonly List<WindowTable> _open = [];
    private readonly Stack<WindowTable> _spare = new();
    private long _spareBytes;

    public int Count => _open.Count;

    /// <summary>About how many bytes of memory the open windows take.</summary>
    public long Bytes { get; private set; }

    public WindowTable this[int index] => _open[index];

    public WindowTable? Find(long end)
    {
        if (_open.Count > 0 && _open[^1].End == end)
        {
            return _open[^1];
        }

        var index = IndexOf(end);
        return index < _open.Count && _open[index].End == end ? _open[index] : null;
    }

    public WindowTable Add(long end)
    {
        if (_spare.TryPop(out var table))
        {
            _spareBytes -= table.Bytes;
        }
        else
        {
            table = plan.CreateTable();
        }

        table.Measure();
        Bytes += table.Bytes;
        table.End = end;
        _open.Insert(IndexOf(end), table);
        return table;
    }

    /// <summary>Notes that a window may have grown.</summary>
    public void Grew(WindowTable window) => Bytes += window.Measure();

    /// <summary>Drops the window with the earliest end.</summary>
    public void RemoveFirst()
    {
        var table = _open[0];
        _open.RemoveAt(0);
        Bytes -= table.Bytes;
        if (table.Groups.IsOversized || (_spare.Count > 0 && _spareBytes + table.Bytes > MostSpareBytes))
        {
            return;
        }

        table.Clear();
        table.Measure();
        _spareBytes += table.Bytes;
        _spare.Push(table);
    }

    public void Clear()
    {
        while (_open.Count > 0)
        {
            RemoveFirst();
        }
    }

    /// <summary>Where the window is, or belongs.</summary>
    private int IndexOf(long end)
    {
        var (low, high) = (0, _open.Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = _open[middle].End < end ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
