using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Keeping;
using Pipeline.Queries.Values;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Joins;

/// <summary>
/// JOIN: each event meets those of the other side that came before it and agree with it; so every pair comes out once,
/// when the later of both is read, with the later of both times. An event is kept until the watermark, less the
/// lateness, says that nothing can meet it any more; one of LEFT JOIN that met nothing comes out then. Its rows come
/// from the sides (<see cref="JoinSideOperator"/>), whose log says in which order.
/// </summary>
internal sealed class JoinOperator : IOperator
{
    private const byte Version = 1;
    private static readonly long LatestTime = DateTime.MaxValue.Ticks;

    private readonly JoinPlan _plan;
    private readonly FieldSlot[] _slots;
    private readonly Evaluation _state;
    private readonly GroupKey _key = new();
    private readonly JoinRows _rows;
    private readonly JoinBuffer _left = new();
    private readonly JoinBuffer _right = new();
    private readonly UnmatchedRows? _unmatched;
    private readonly List<int> _met = [];
    private readonly Predicate<KeptEvents> _isLeftDead;
    private readonly Predicate<KeptEvents> _isRightDead;
    private long _watermark = long.MinValue;
    private long _horizon = long.MinValue;
    private long _mostStateBytes = long.MaxValue;

    public JoinOperator(JoinPlan plan)
    {
        _plan = plan;
        _slots = new FieldSlot[Math.Max(
            plan.Fields.SlotCount, Math.Max(plan.Left.Fields.SlotCount, plan.Right.Fields.SlotCount))];
        _state = new Evaluation { IsStrict = plan.IsStrict };
        _rows = new JoinRows(plan);
        _unmatched = plan.IsLeft ? new UnmatchedRows(plan.Bounds, _left, _rows) : null;
        _isLeftDead = events => events.Count == 0 || events.Latest < LeftAlive;
        _isRightDead = events => events.Count == 0 || events.Latest < RightAlive;
    }

    public long StateBytes => _left.Groups.Bytes + _right.Groups.Bytes + (_unmatched?.Bytes ?? 0);

    /// <summary>The first time of a left event that one may still meet.</summary>
    private long LeftAlive => IsTimeKnown ? _plan.Bounds.LeftOf(_horizon).From : long.MinValue;

    private long RightAlive => IsTimeKnown ? _plan.Bounds.RightOf(_horizon).From : long.MinValue;

    private bool IsTimeKnown => _horizon > 0;

    public void Limit(long stateBytes) => _mostStateBytes = stateBytes;

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        _state.Reset();
        var isLeft = JoinRows.TryRead(_plan.Left, record.Value, out var value);
        if (!isLeft && !JoinRows.TryRead(_plan.Right, record.Value, out value))
        {
            output.Reject(record, "this is no row of a side of the join");
            return;
        }

        var group = -1;
        var hasKey = TryReadKey(isLeft ? _plan.Left : _plan.Right, record);
        _met.Clear();
        if (hasKey && _state.Error is null)
        {
            var others = isLeft ? _right : _left;
            group = others.Groups.Find(_key.Bytes);
            FindMet(isLeft, group, record.Time, value);
        }

        if (_state.Error is not null)
        {
            output.Reject(record, _state.Error);
            return;
        }

        Emit(isLeft, group, record, value, output);
        if (isLeft)
        {
            KeepLeft(hasKey, record, value, output);
        }
        else if (hasKey && record.Time >= RightAlive)
        {
            _right.DropBefore(_right.Add(_key.Bytes, record.Time, value, isMatched: false), RightAlive);
        }

        StateLimitException.ThrowIfOver(StateBytes, _mostStateBytes);
    }

    public void Advance(long watermark, IOperatorOutput output)
    {
        if (watermark <= _watermark)
        {
            return;
        }

        _watermark = watermark;
        _horizon = Horizon();
        _unmatched?.Advance(_horizon, output);
        _right.Groups.TrySweep(_isRightDead);
        if (_left.Groups.TrySweep(_isLeftDead))
        {
            _unmatched?.ScheduleAll();
        }
    }

    public void Save(IBufferWriter<byte> to)
    {
        var writer = new StateWriter(to);
        writer.Write(Version);
        writer.Write(_watermark);
        _left.Save(LeftAlive, writer);
        _right.Save(RightAlive, writer);
    }

    public void Load(ReadOnlySpan<byte> from)
    {
        var reader = new StateReader(from);
        _watermark = reader.ReadByte() == Version ? reader.ReadInt64() : throw StateReader.Invalid();
        _horizon = Horizon();
        _left.Load(ref reader);
        StateLimitException.ThrowIfOver(StateBytes, _mostStateBytes);
        _right.Load(ref reader);
        StateLimitException.ThrowIfOver(StateBytes, _mostStateBytes);
        if (!reader.IsAtEnd)
        {
            throw StateReader.Invalid();
        }

        _unmatched?.ScheduleAll();
    }

    private long Horizon() => _watermark < long.MinValue + _plan.Lateness
        ? long.MinValue
        : Math.Min(_watermark - _plan.Lateness, LatestTime);

    /// <summary>False where a value is NULL, which equals nothing.</summary>
    private bool TryReadKey(JoinSide side, in StageRecord record)
    {
        side.Fields.Read(record.Value, _slots);
        var row = new Row { State = _state, Json = record.Value, Slots = _slots, Time = record.Time };
        _key.Clear();
        foreach (var expression in side.Keys)
        {
            var used = _state.Scratch.Used;
            var value = expression.Evaluate(row);
            if (value.IsNull)
            {
                return false;
            }

            _key.Add(value);
            _state.Scratch.Release(used);
        }

        if (_key.IsTooLong)
        {
            _state.Fail($"ON: the values that must be equal are longer than {GroupKey.MostBytes} bytes");
        }

        return true;
    }

    /// <summary>Which of a group's events the event meets; all that comes of it is bounded before the first.</summary>
    private void FindMet(bool isLeft, int group, long time, ReadOnlySpan<byte> value)
    {
        if (group < 0)
        {
            return;
        }

        var events = (isLeft ? _right : _left).Groups[group];
        var (from, to) = isLeft ? _plan.Bounds.RightOf(time) : _plan.Bounds.LeftOf(time);

        // What may not meet any more is not there, wherever it still lies.
        from = Math.Max(from, isLeft ? RightAlive : LeftAlive);
        var bytes = 0L;
        for (var i = from == long.MinValue ? 0 : events.PlaceOf(from - 1); i < events.Count; i++)
        {
            if (events.Time(i) >= to || _state.Error is not null)
            {
                return;
            }

            var other = JoinBuffer.Event(events.Data(i));
            if (_plan.On is { } on && !Test(on, isLeft ? value : other, isLeft ? other : value, time))
            {
                continue;
            }

            _met.Add(i);
            bytes += value.Length + other.Length;
            if (bytes > Evaluation.MostWorkingBytes)
            {
                _state.Fail($"JOIN: the rows of one event take more than {Evaluation.MostWorkingBytes} bytes");
            }
        }
    }

    private bool Test(Expression on, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, long time)
    {
        var json = _rows.Of(left, right);
        _plan.Fields.Read(json, _slots);
        var used = _state.Scratch.Used;
        var row = new Row { State = _state, Json = json, Slots = _slots, Time = time };
        var isMet = on.Test(row) == Truth.True;
        _state.Scratch.Release(used);
        return isMet;
    }

    private void Emit(
        bool isLeft, int group, in StageRecord record, ReadOnlySpan<byte> value, IOperatorOutput output)
    {
        foreach (var i in _met)
        {
            var events = (isLeft ? _right : _left).Groups[group];
            var other = JoinBuffer.Event(events.Data(i));
            if (!isLeft)
            {
                JoinBuffer.Match(events, i);
            }

            var row = isLeft ? _rows.Of(value, other) : _rows.Of(other, value);
            output.Emit(record.Key, row, Math.Max(record.Time, events.Time(i)));
        }
    }

    private void KeepLeft(bool hasKey, in StageRecord record, ReadOnlySpan<byte> value, IOperatorOutput output)
    {
        var isMatched = _met.Count > 0;
        if (hasKey && record.Time >= LeftAlive)
        {
            var group = _left.Add(_key.Bytes, record.Time, value, isMatched);
            if (_unmatched is not null)
            {
                _unmatched.Schedule(group);
            }
            else
            {
                _left.DropBefore(group, LeftAlive);
            }
        }
        else if (_unmatched is not null && !isMatched)
        {
            output.Emit(record.Key, _rows.Of(value, "null"u8), hasKey ? _unmatched.TimeOf(record.Time) : record.Time);
        }
    }
}
