using System.Text;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

internal sealed class ConstantExpression(ValueKind kind, long bits, byte[] bytes) : Expression
{
    public static readonly ConstantExpression Null = new(ValueKind.Null, 0, []);

    public override ValueKind? Kind => kind;

    public ReadOnlySpan<byte> Bytes => bytes;

    public static ConstantExpression Text(string text) => new(ValueKind.Text, 0, Encoding.UTF8.GetBytes(text));

    public override Value Evaluate(scoped in Row row) => Value.Of(kind, bits, bytes);
}
