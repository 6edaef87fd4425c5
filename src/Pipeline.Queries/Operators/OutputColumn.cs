using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Operators;

/// <summary>One column of the result.</summary>
internal sealed class OutputColumn
{
    public OutputColumn(string name, Expression expression)
    {
        Name = name;
        Expression = expression;
        Utf8Name = System.Text.Encoding.UTF8.GetBytes(name);
        var label = new JsonBuffer();
        label.WriteText(Utf8Name);
        label.Raw((byte)':');
        Label = label.Written.ToArray();
    }

    public string Name { get; }

    public byte[] Utf8Name { get; }

    public Expression Expression { get; }

    /// <summary>The name as JSON, with the colon.</summary>
    public byte[] Label { get; }
}
