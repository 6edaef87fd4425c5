using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Analytics;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Operators;

/// <summary>
/// WHERE and SELECT, event by event. What it keeps of earlier events, if it looks at any, an event changes only after
/// nothing was wrong with it, and whether or not WHERE takes it.
/// </summary>
internal sealed class SelectOperator(SelectPlan plan) : IOperator
{
    private readonly FieldSlot[] _slots = new FieldSlot[plan.Fields.SlotCount];
    private readonly Evaluation _state = new() { IsStrict = plan.IsStrict };
    private readonly RowWriter _writer = new(plan.Projection, plan.Key, plan.MostBytes);

    private readonly AnalyticState? _earlier =
        plan.Analytics.Length == 0 ? null : new AnalyticState(plan.Analytics, plan.Lateness);

    public long StateBytes => _earlier?.Bytes ?? 0;

    public void Limit(long stateBytes) => _earlier?.Limit(stateBytes);

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        _state.Reset();
        plan.Fields.Read(record.Value, _slots);
        var row = new Row
        {
            State = _state,
            Json = record.Value,
            Slots = _slots,
            Time = record.Time,
            Analytics = _earlier is null ? default : _earlier.Results,
        };
        _ = _earlier?.TryRead(row);
        var passes = _state.Error is null && (plan.Where is null || plan.Where.Test(row) == Truth.True);
        if (_state.Error is null && passes && _writer.TryWrite(row, record.Key, out var key, out var value))
        {
            output.Emit(key, value, record.Time);
        }

        if (_state.Error is not null)
        {
            output.Reject(record, _state.Error);
            return;
        }

        _earlier?.Keep(row);
    }

    public void Advance(long watermark, IOperatorOutput output) => _earlier?.Advance(watermark);

    public void Save(IBufferWriter<byte> to) => _earlier?.Save(to);

    public void Load(ReadOnlySpan<byte> from)
    {
        if (_earlier is not null)
        {
            _earlier.Load(from);
        }
        else if (!from.IsEmpty)
        {
            throw new InvalidDataException("A query that keeps nothing of its events has no state.");
        }
    }
}
