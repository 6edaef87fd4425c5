using Pipeline.Kernel.Stages;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Operators;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>Checks TIMESTAMP BY.</summary>
internal static class TimestampBinder
{
    /// <summary>The time, and its path where it is a field; null where the query has no TIMESTAMP BY.</summary>
    public static (ITimestamp Timestamp, string? Path)? Bind(
        SyntaxNode? node, FieldScope fields, bool isStrict, ErrorList errors)
    {
        if (node is null)
        {
            return null;
        }

        var time = new RowBinder(fields, errors, isStrict).Bind(node);
        if (time.Kind is not (null or ValueKind.Datetime or ValueKind.Text))
        {
            errors.Add(node.At, $"TIMESTAMP BY: a datetime was expected, this is {KindName.Of(time.Kind.Value)}");
        }

        return time is FieldExpression field
            ? (new FieldTimestamp(field.Path), field.Path.ToString())
            : (new ExpressionTimestamp(fields.CreateReader(), time, isStrict), null);
    }
}
