namespace Pipeline.Queries.Windows;

/// <summary>
/// The open windows by their ends, then in the order of GROUP BY; tables of closed ones are used again.
/// </summary>
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

    public WindowTable? Find(long end, int shape)
    {
        if (_open.Count > 0 && Order(_open[^1], end, shape) == 0)
        {
            return _open[^1];
        }

        var index = IndexOf(end, shape);
        return index < _open.Count && Order(_open[index], end, shape) == 0 ? _open[index] : null;
    }

    public WindowTable Add(long end, int shape)
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
        (table.End, table.Shape) = (end, shape);
        _open.Insert(IndexOf(end, shape), table);
        return table;
    }

    /// <summary>Notes that a window may have grown.</summary>
    public void Grew(WindowTable window) => Bytes += window.Measure();

    /// <summary>Drops as many windows with the earliest ends.</summary>
    public void RemoveFirst(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Recycle(_open[i]);
        }

        _open.RemoveRange(0, count);
    }

    public void Clear() => RemoveFirst(_open.Count);

    private void Recycle(WindowTable table)
    {
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

    /// <summary>Where the window is, or belongs.</summary>
    private int IndexOf(long end, int shape)
    {
        var (low, high) = (0, _open.Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = Order(_open[middle], end, shape) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int Order(WindowTable table, long end, int shape) =>
        table.End != end ? table.End.CompareTo(end) : table.Shape.CompareTo(shape);
}
