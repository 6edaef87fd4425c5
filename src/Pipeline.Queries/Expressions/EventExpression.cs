using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>The whole event.</summary>
internal sealed class EventExpression : Expression
{
    public override Value Evaluate(scoped in Row row)
    {
        var json = Conversion.Trim(row.Json);
        return json.IsEmpty
            ? Value.Null
            : FieldExpression.Read(json, json[0] == (byte)'"' && json.Contains((byte)'\\'), row.State);
    }
}
