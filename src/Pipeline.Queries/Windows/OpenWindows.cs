namespace Pipeline.Queries.Windows;

/// <summary>The open windows by their ends; tables of closed ones are used again.</summary>
internal sealed class OpenWindows(WindowPlan plan)
{
    private readonly List<WindowTable> _open = [];
    private readonly Stack<WindowTable> _spare = new();

    public int Count => _open.Count;

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
        var table = _spare.TryPop(out var spare) ? spare : plan.CreateTable();
        table.End = end;
        _open.Insert(IndexOf(end), table);
        return table;
    }

    /// <summary>Drops the window with the earliest end.</summary>
    public void RemoveFirst()
    {
        var table = _open[0];
        _open.RemoveAt(0);
        if (!table.Groups.IsOversized)
        {
            table.Clear();
            _spare.Push(table);
        }
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
