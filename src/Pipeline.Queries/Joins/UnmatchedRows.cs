using Pipeline.Kernel.Stages;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Joins;

/// <summary>
/// What LEFT JOIN puts out of events that nothing can meet any more: in the order of the time when that was so, then of
/// the values in ON, then of the events.
/// </summary>
internal sealed class UnmatchedRows
{
    private readonly JoinBounds _bounds;
    private readonly JoinBuffer _left;
    private readonly JoinRows _rows;
    private readonly JoinKey _key = new();
    private readonly Evaluation _state = new();
    private readonly PriorityQueue<int, long> _timers = new();
    private readonly List<(int Group, int Count)> _over = [];
    private readonly List<(long Time, int Group, int Index)> _found = [];
    private readonly Comparison<(long Time, int Group, int Index)> _order;

    public UnmatchedRows(JoinBounds bounds, JoinBuffer left, JoinRows rows)
    {
        (_bounds, _left, _rows) = (bounds, left, rows);
        _order = (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time)
            : a.Group != b.Group ? Key(a.Group).SequenceCompareTo(Key(b.Group))
            : a.Index.CompareTo(b.Index);
    }

    public long Bytes => _timers.Count * 16L;

    /// <summary>When it is known of an event of the left side that it met nothing.</summary>
    public long TimeOf(long left) => Math.Max(left, _bounds.RightOf(left).To);

    /// <summary>A group has one event more.</summary>
    public void Schedule(int group)
    {
        var events = _left.Groups[group];
        var due = events.Count == 0 ? long.MaxValue : _bounds.RightOf(events.Time(0)).To;
        if (due < events.Due)
        {
            events.Due = due;
            _timers.Enqueue(group, due);
        }
    }

    /// <summary>The groups have other numbers now, or other events.</summary>
    public void ScheduleAll()
    {
        _timers.Clear();
        for (var group = 0; group < _left.Groups.Count; group++)
        {
            _left.Groups[group].Due = long.MaxValue;
            Schedule(group);
        }
    }

    public void Advance(long horizon, IOperatorOutput output)
    {
        _over.Clear();
        _found.Clear();
        while (_timers.TryPeek(out var group, out var due) && due <= horizon)
        {
            _timers.Dequeue();
            if (_left.Groups[group].Due == due)
            {
                Collect(group, horizon);
            }
        }

        _found.Sort(_order);
        foreach (var (time, group, index) in _found)
        {
            _state.Reset();
            var value = JoinBuffer.Event(_left.Groups[group].Data(index));
            output.Emit(_key.Of(Key(group), _state), _rows.Of(value, "null"u8), time);
        }

        foreach (var (group, count) in _over)
        {
            _left.Groups.RemoveFirst(group, count);
            Schedule(group);
        }
    }

    private ReadOnlySpan<byte> Key(int group) => _left.Groups.Key(group);

    private void Collect(int group, long horizon)
    {
        var events = _left.Groups[group];

        // A timer may stand there twice.
        events.Due = long.MaxValue;
        var count = 0;
        for (; count < events.Count && _bounds.RightOf(events.Time(count)).To <= horizon; count++)
        {
            if (!JoinBuffer.IsMatched(events.Data(count)))
            {
                _found.Add((TimeOf(events.Time(count)), group, count));
            }
        }

        _over.Add((group, count));
    }
}
