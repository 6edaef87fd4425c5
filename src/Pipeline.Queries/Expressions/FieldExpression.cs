using System.Text;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>A field of the event; NULL where it is missing.</summary>
internal sealed class FieldExpression(int slot, JsonPath path, ValueKind? kind = null) : Expression
{
    public override ValueKind? Kind => kind;

    public int Slot => slot;

    public JsonPath Path => path;

    public override Value Evaluate(scoped in Row row)
    {
        ref readonly var found = ref row.Slots[slot];
        return found.Found ? Read(found.Of(row.Json), found.Escaped, row.State) : Value.Null;
    }

    /// <summary>A JSON text's value.</summary>
    public static Value Read(ReadOnlySpan<byte> json, bool escaped, Evaluation state)
    {
        switch (json[0])
        {
            case (byte)'"':
                return escaped ? Unescape(json[1..^1], state) : Value.OfText(json[1..^1]);
            case (byte)'t':
                return Value.Of(true);
            case (byte)'f':
                return Value.Of(false);
            case (byte)'n':
                return Value.Null;
            case (byte)'{':
                return Value.Of(ValueKind.Record, 0, json);
            case (byte)'[':
                return Value.Of(ValueKind.Array, 0, json);
            default:
                return NumberText.TryParse(json, out var number)
                    ? number
                    : state.Fail($"{Encoding.UTF8.GetString(json[..Math.Min(json.Length, 40)])} "
                        + "is outside the range of bigint and float");
        }
    }

    private static Value Unescape(ReadOnlySpan<byte> inside, Evaluation state) =>
        state.TryTake(inside.Length, "a text with escapes", out var to)
            ? Value.OfText(to[..JsonText.Unescape(inside, to)])
            : Value.Null;
}
