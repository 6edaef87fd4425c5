using Pipeline.Queries.Values;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Expressions;

/// <summary>The value of a GROUP BY expression in a window's result.</summary>
internal sealed class GroupExpression(int index, ValueKind? kind) : Expression
{
    /// <summary>Its place in GROUP BY.</summary>
    public int Index => index;

    public override ValueKind? Kind => kind;

    public override Value Evaluate(scoped in Row row) =>
        GroupKey.Read(row.Window!.Groups.Key(row.Group), index, row.State);
}
