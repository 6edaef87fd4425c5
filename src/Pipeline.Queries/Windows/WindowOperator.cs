using System.Buffers;
using System.Runtime.InteropServices;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Windows;

/// <summary>
/// GROUP BY with tumbling, hopping and snapshot windows, one of them or several.
/// <list type="bullet">
/// <item>A window is closed exactly when the watermark exceeds its end plus the lateness.</item>
/// <item>An event is counted in all its windows that are not closed, or, if it is rejected, in none.</item>
/// <item>An event of which a window is closed is late: reported once, after it was counted in the others.</item>
/// <item>Windows close in the order of their ends, then of GROUP BY, a window's groups in the order of their keys'
/// bytes.</item>
/// </list>
/// </summary>
internal sealed class WindowOperator(WindowPlan plan) : IOperator
{
    private readonly FieldSlot[] _slots = new FieldSlot[plan.Fields.SlotCount];
    private readonly Evaluation _state = new() { IsStrict = plan.IsStrict };
    private readonly EventValues _event = new(plan);
    private readonly WindowResults _results = new(plan);
    private readonly OpenWindows _windows = new(plan);
    private readonly AggregateColumn[] _fresh = plan.CreateTable().Columns;
    private readonly bool _mayRefuse = plan.CreateTable().Columns.Any(c => c.MayRefuse);
    private readonly bool _keepsValues = plan.CreateTable().Columns.Any(c => c.KeepsValues);
    private readonly List<WindowTarget> _targets = [];
    private long _watermark = long.MinValue;
    private long _mostStateBytes = long.MaxValue;

    public long StateBytes => _windows.Bytes;

    public void Limit(long stateBytes) => _mostStateBytes = stateBytes;

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        _state.Reset();
        plan.Fields.Read(record.Value, _slots);
        var row = new Row { State = _state, Json = record.Value, Slots = _slots, Time = record.Time };
        var passes = plan.Where is null || plan.Where.Test(row) == Truth.True;
        if (_state.Error is null && !passes)
        {
            return;
        }

        var isLate = FindTargets(record.Time);
        if (_state.Error is null && _targets.Count > 0)
        {
            Count(record, row);
        }

        if (_state.Error is not null)
        {
            output.Reject(record, _state.Error);
        }
        else if (isLate)
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
        var closed = 0;
        for (; closed < _windows.Count && watermark > _windows[closed].End + plan.Lateness; closed++)
        {
            _results.Close(_windows[closed], output);
        }

        _windows.RemoveFirst(closed);
    }

    public void Save(IBufferWriter<byte> to) => WindowState.Save(_watermark, _windows, plan, to);

    public void Load(ReadOnlySpan<byte> from) =>
        _watermark = WindowState.Load(from, _windows, plan, _mostStateBytes);

    /// <summary>Notes the open windows that hold the time; true where one of its windows is closed already.</summary>
    private bool FindTargets(long time)
    {
        _targets.Clear();
        var isLate = false;
        for (var i = 0; i < plan.Shapes.Length; i++)
        {
            ref readonly var shape = ref plan.Shapes[i];
            for (var end = shape.FirstEnd(time); shape.Holds(end, time); end += shape.Hop)
            {
                var isClosed = _watermark > end + plan.Lateness;
                isLate |= isClosed;
                if (!isClosed)
                {
                    _targets.Add(new WindowTarget { End = end, Shape = i });
                }
            }
        }

        return isLate;
    }

    private void Count(in StageRecord record, in Row row)
    {
        if (!_event.TryRead(row))
        {
            return;
        }

        var hash = ByteHash.Of(_event.Key);
        var targets = CollectionsMarshal.AsSpan(_targets);
        foreach (ref var target in targets)
        {
            target.Window = _windows.Find(target.End, target.Shape);
            target.Group = target.Window is null ? -1 : target.Window.Groups.Find(_event.Key, hash);
            if (_mayRefuse && Refusal(target.Window, target.Group) is { } reason)
            {
                _state.Fail(reason);
                return;
            }
        }

        foreach (ref readonly var target in targets)
        {
            var window = target.Window ?? _windows.Add(target.End, target.Shape);
            Add(window, target.Group < 0 ? window.Open(_event.Key, hash, record.Key) : target.Group);
            if (target.Group < 0 || _keepsValues)
            {
                _windows.Grew(window);
                StateLimitException.ThrowIfOver(_windows.Bytes, _mostStateBytes);
            }
        }
    }

    private string? Refusal(WindowTable? window, int group)
    {
        for (var i = 0; i < _event.Arguments.Length; i++)
        {
            if (!_fresh[i].MayRefuse || _event.Arguments[i].Kind == ValueKind.Null)
            {
                continue;
            }

            // What a value's kind decides is the same in every window: an absent window is asked like a new group.
            var column = window?.Columns[i] ?? _fresh[i];
            if (column.Refusal(group, _state.Scratch.View(_event.Arguments[i])) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private void Add(WindowTable window, int group)
    {
        for (var i = 0; i < _event.Arguments.Length; i++)
        {
            if (plan.Aggregates[i].Argument is null)
            {
                window.Columns[i].Add(group, default);
            }
            else if (_event.Arguments[i].Kind != ValueKind.Null)
            {
                window.Columns[i].Add(group, _state.Scratch.View(_event.Arguments[i]));
            }
        }
    }
}
