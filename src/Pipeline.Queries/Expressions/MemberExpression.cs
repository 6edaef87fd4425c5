using System.Text;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>A field of a computed record; NULL where there is none, as at the end of any path.</summary>
internal sealed class MemberExpression(Expression operand, string name) : Expression
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    public override Value Evaluate(scoped in Row row)
    {
        var record = operand.Evaluate(row);
        return record.Kind == ValueKind.Record
            && JsonElements.TryMember(record.Bytes, _name, row.State.Scratch, out var value, out var escaped)
            ? FieldExpression.Read(value, escaped, row.State)
            : Value.Null;
    }
}
