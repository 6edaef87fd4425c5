using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Keeping;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Windows;

/// <summary>
/// GROUP BY with windows that follow from the events: what the aggregates need of each is kept, by time, those of one
/// time in the order of the log.
/// <list type="bullet">
/// <item>A window is closed exactly when the watermark exceeds its end plus the lateness.</item>
/// <item>An event counts in those of its windows that are open; if one is closed, it is late, once.</item>
/// <item>Windows close in the order of their ends, then of their groups' bytes.</item>
/// </list>
/// </summary>
internal sealed class ContentOperator : IOperator
{
    private readonly WindowPlan _plan;
    private readonly ContentShape _shape;
    private readonly FieldSlot[] _slots;
    private readonly Evaluation _state;
    private readonly EventValues _event;
    private readonly GroupKey _partition = new();
    private readonly ContentTable _table;
    private readonly KeptGroups _groups = new();
    private readonly PriorityQueue<int, long> _timers = new();
    private readonly List<ContentWindow> _windows = [];
    private readonly List<ContentChange> _changes = [];
    private readonly Comparison<ContentWindow> _order;
    private readonly Predicate<KeptEvents> _isDead;
    private long _watermark = long.MinValue;
    private long _horizon = long.MinValue;
    private long _mostStateBytes = long.MaxValue;

    public ContentOperator(WindowPlan plan)
    {
        _plan = plan;
        _shape = plan.Content!;
        _slots = new FieldSlot[plan.Fields.SlotCount];
        _state = new Evaluation { IsStrict = plan.IsStrict };
        _event = new EventValues(plan);
        _table = new ContentTable(plan);
        _order = (a, b) => a.End != b.End
            ? a.End.CompareTo(b.End)
            : _groups.Key(a.Group).SequenceCompareTo(_groups.Key(b.Group));
        _isDead = events => _shape.IsDead(events, _horizon);
    }

    public long StateBytes => _groups.Bytes + (_timers.Count * 16L);

    public void Limit(long stateBytes) => _mostStateBytes = stateBytes;

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        _state.Reset();
        _plan.Fields.Read(record.Value, _slots);
        var row = new Row { State = _state, Json = record.Value, Slots = _slots, Time = record.Time };
        var passes = _plan.Where is null || _plan.Where.Test(row) == Truth.True;
        if (_state.Error is null && !passes)
        {
            return;
        }

        ContentPlace place = default;
        if (_state.Error is null && _event.TryRead(row) && TryReadPartition(row))
        {
            var group = _groups.Find(Partition);
            place = _shape.Place(group < 0 ? null : _groups[group], record.Time, _horizon);
            if (place.Counts && !_table.Refuses(_event, _state))
            {
                if (group >= 0 && _shape.Refusal(_groups[group], record.Time) is { } reason)
                {
                    _state.Fail(reason);
                }
                else
                {
                    Keep(record);
                }
            }
        }

        if (_state.Error is not null)
        {
            output.Reject(record, _state.Error);
        }
        else if (place.IsLate)
        {
            output.EmitLate(record);
        }
    }

    public void Advance(long watermark, IOperatorOutput output)
    {
        if (watermark <= _watermark)
        {
            return;
        }

        _watermark = watermark;
        var before = _horizon;
        _horizon = Math.Max(_horizon, watermark - _plan.Lateness);
        _windows.Clear();
        _changes.Clear();
        while (_timers.TryPeek(out var group, out var due) && due < _horizon)
        {
            _timers.Dequeue();
            if (due == _groups[group].Due)
            {
                Close(group, before);
            }
        }

        _windows.Sort(_order);
        foreach (var window in _windows)
        {
            _table.Close(_groups.Key(window.Group), _groups[window.Group], window, output);
        }

        foreach (var change in _changes)
        {
            _groups.RemoveFirst(change.Group, change.Remove);
            _groups[change.Group].Cut = change.Cut;
            Schedule(change.Group, change.Due);
        }

        if (_groups.TrySweep(_isDead))
        {
            ScheduleAll();
        }
    }

    public void Save(IBufferWriter<byte> to) => ContentState.Save(_watermark, _groups, _isDead, _plan, to);

    public void Load(ReadOnlySpan<byte> from)
    {
        _watermark = ContentState.Load(from, _groups, _table.ValuesAnEvent, _plan, _mostStateBytes);
        _horizon = _watermark < long.MinValue + _plan.Lateness ? long.MinValue : _watermark - _plan.Lateness;
        for (var group = 0; group < _groups.Count; group++)
        {
            var events = _groups[group];
            events.Due = events.Count == 0 ? long.MaxValue : _shape.Due(events.Time(0));
        }

        ScheduleAll();
    }

    private ReadOnlySpan<byte> Partition => _shape.PartitionBy is null ? _event.Key : _partition.Bytes;

    private bool TryReadPartition(scoped in Row row)
    {
        _partition.Clear();
        foreach (var expression in _shape.PartitionBy ?? [])
        {
            var used = _state.Scratch.Used;
            _partition.Add(expression.Evaluate(row));
            _state.Scratch.Release(used);
        }

        if (_partition.IsTooLong)
        {
            _state.Fail($"PARTITION BY: the values are longer than {GroupKey.MostBytes} bytes");
        }

        return _state.Error is null;
    }

    private void Keep(in StageRecord record)
    {
        var group = _groups.Open(Partition);
        var events = _groups[group];
        _groups.Insert(group, events.PlaceOf(record.Time), record.Time, _table.Pack(_event, record.Key, _state));
        if (_shape.Due(record.Time) is var due && due < events.Due)
        {
            Schedule(group, due);
        }

        StateLimitException.ThrowIfOver(StateBytes, _mostStateBytes);
    }

    /// <summary>Notes which windows of a group close, and what is then to be done with it.</summary>
    private void Close(int group, long before)
    {
        // A timer may stand there twice.
        _groups[group].Due = long.MaxValue;
        var first = _windows.Count;
        var change = _shape.Close(_groups[group], before, _horizon, _windows);
        _changes.Add(change with { Group = group });
        for (var i = first; i < _windows.Count; i++)
        {
            _windows[i] = _windows[i] with { Group = group };
        }
    }

    private void Schedule(int group, long due)
    {
        _groups[group].Due = due;
        if (due < long.MaxValue)
        {
            _timers.Enqueue(group, due);
        }
    }

    private void ScheduleAll()
    {
        _timers.Clear();
        for (var group = 0; group < _groups.Count; group++)
        {
            Schedule(group, _groups[group].Due);
        }
    }
}
