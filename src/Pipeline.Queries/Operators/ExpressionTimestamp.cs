using Pipeline.Kernel.Stages;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Operators;

/// <summary>The time that an expression computes; System.Timestamp() in it is the time the event had so far.</summary>
internal sealed class ExpressionTimestamp(FieldReader fields, Expression expression, bool isStrict) : ITimestamp
{
    private const int MostSlots = 32;

    [ThreadStatic]
    private static Evaluation? _lenient;

    [ThreadStatic]
    private static Evaluation? _strict;

    public bool TryRead(in StageRecord record, out long ticks)
    {
        var state = isStrict ? _strict ??= new Evaluation { IsStrict = true } : _lenient ??= new Evaluation();
        state.Reset();
        var slots = fields.SlotCount <= MostSlots ? stackalloc FieldSlot[MostSlots] : new FieldSlot[fields.SlotCount];
        fields.Read(record.Value, slots);
        var row = new Row { State = state, Json = record.Value, Slots = slots, Time = record.Time };
        var value = expression.Evaluate(row);
        ticks = value.Bits;
        return state.Error is null && (value.Kind == ValueKind.Datetime
            || (value.Kind == ValueKind.Text && Iso8601.TryParse(value.Bytes, out ticks)));
    }
}
