using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Operators;

/// <summary>WHERE and SELECT, event by event; it has no state.</summary>
internal sealed class SelectOperator(SelectPlan plan) : IOperator
{
    private readonly FieldSlot[] _slots = new FieldSlot[plan.Fields.SlotCount];
    private readonly Evaluation _state = new() { IsStrict = plan.IsStrict };
    private readonly RowWriter _writer = new(plan.Projection, plan.Key, plan.MostBytes);

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        _state.Reset();
        plan.Fields.Read(record.Value, _slots);
        var row = new Row { State = _state, Json = record.Value, Slots = _slots, Time = record.Time };
        var passes = plan.Where is null || plan.Where.Test(row) == Truth.True;
        if (_state.Error is null && passes && _writer.TryWrite(row, record.Key, out var key, out var value))
        {
            output.Emit(key, value, record.Time);
        }
        else if (_state.Error is not null)
        {
            output.Reject(record, _state.Error);
        }
    }

    public void Advance(long watermark, IOperatorOutput output)
    {
    }

    public void Save(IBufferWriter<byte> to)
    {
    }

    public void Load(ReadOnlySpan<byte> from)
    {
        if (!from.IsEmpty)
        {
            throw new InvalidDataException("A query without windows has no state.");
        }
    }
}
