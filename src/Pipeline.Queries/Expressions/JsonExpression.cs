using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>
/// A value's JSON, as the bytes of a text, which are valid until the next event; a plain column keeps its own bytes.
/// </summary>
internal sealed class JsonExpression(Expression operand) : Expression
{
    public override ValueKind? Kind => ValueKind.Text;

    public override Value Evaluate(scoped in Row row)
    {
        if (operand is FieldExpression field)
        {
            var slot = row.Slots[field.Slot];
            return Value.OfText(slot.Found ? slot.Of(row.Json) : "null"u8);
        }

        var value = operand.Evaluate(row);
        if (value.Kind is ValueKind.Record or ValueKind.Array)
        {
            return Value.OfText(value.Bytes);
        }

        var json = row.State.Json;
        json.Clear();
        json.Write(value);
        return Value.OfText(json.Written);
    }
}
