using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Json;
using Pipeline.Queries.Operators;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Joins;

/// <summary>
/// Brings one side's events to the join: each under its name, with the value that both sides are spread by for its key.
/// Where that is NULL it meets nothing, and goes on only where it comes out all the same.
/// </summary>
internal sealed class JoinSideOperator(JoinSidePlan plan) : IOperator
{
    private readonly FieldSlot[] _slots = new FieldSlot[plan.Fields.SlotCount];
    private readonly Evaluation _state = new() { IsStrict = plan.IsStrict };
    private readonly JsonBuffer _json = new();
    private readonly JoinKey _key = new();

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        _state.Reset();
        plan.Fields.Read(record.Value, _slots);
        var row = new Row { State = _state, Json = record.Value, Slots = _slots, Time = record.Time };
        var value = plan.Key is null ? Value.Null : plan.Key.Evaluate(row);
        if (_state.Error is not null)
        {
            output.Reject(record, _state.Error);
            return;
        }

        if (plan.Key is not null && value.IsNull && !plan.KeepsUnmatched)
        {
            return;
        }

        _json.Clear();
        _json.Raw(plan.Label);
        if (plan.Kept is null)
        {
            _json.Raw(Conversion.Trim(record.Value));
        }
        else
        {
            Write(plan.Kept, record.Value);
        }

        _json.Raw((byte)'}');
        output.Emit(_key.Of(value), _json.Written, record.Time);
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
            throw new InvalidDataException("A side of a join has no state.");
        }
    }

    private void Write(KeptField[] kept, ReadOnlySpan<byte> json)
    {
        var separator = (byte)'{';
        foreach (var field in kept)
        {
            if (_slots[field.Slot].Found)
            {
                _json.Raw(separator);
                _json.Raw(field.Label);
                _json.Raw(_slots[field.Slot].Of(json));
                separator = (byte)',';
            }
        }

        _json.Raw(separator == (byte)'{' ? "{}"u8 : "}"u8);
    }
}
