using System.Text;
using Pipeline.Queries.Values;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Expressions;

/// <summary>System.Window() in a window's result: a record with the identity that GROUP BY gave the window.</summary>
internal sealed class WindowExpression(NamedWindow[] windows) : Expression
{
    private readonly byte[][] _records = [.. windows.Select(Record)];

    public override ValueKind? Kind => ValueKind.Record;

    public override Value Evaluate(scoped in Row row) =>
        Value.Of(ValueKind.Record, 0, _records[row.Window!.Shape]);

    private static byte[] Record(NamedWindow window)
    {
        var json = new JsonBuffer();
        json.Raw("{\"Id\":"u8);
        json.Write(window.Id is { } id ? Value.OfText(Encoding.UTF8.GetBytes(id)) : Value.Null);
        json.Raw((byte)'}');
        return json.Written.ToArray();
    }
}
