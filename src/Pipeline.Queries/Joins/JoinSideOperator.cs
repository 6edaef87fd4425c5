using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Joins;

/// <summary>
/// Brings one side's events to the join: each under its name, with the value that both sides are spread by for its key.
/// Where that is NULL it meets nothing, and goes on only where it comes out all the same.
/// </summary>
internal sealed class JoinSideOperator(
    FieldReader fields, Expression? key, byte[] label, bool keepsUnmatched, bool isStrict) : IOperator
{
    private readonly FieldSlot[] _slots = new FieldSlot[fields.SlotCount];
    private readonly Evaluation _state = new() { IsStrict = isStrict };
    private readonly JsonBuffer _json = new();
    private readonly JoinKey _key = new();

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        _state.Reset();
        fields.Read(record.Value, _slots);
        var row = new Row { State = _state, Json = record.Value, Slots = _slots, Time = record.Time };
        var value = key is null ? Value.Null : key.Evaluate(row);
        if (_state.Error is not null)
        {
            output.Reject(record, _state.Error);
            return;
        }

        if (key is not null && value.IsNull && !keepsUnmatched)
        {
            return;
        }

        _json.Clear();
        _json.Raw(label);
        _json.Raw(Conversion.Trim(record.Value));
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
}
