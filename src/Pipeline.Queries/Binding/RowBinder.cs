using Pipeline.Queries.Expressions;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>Expressions over one event.</summary>
internal sealed class RowBinder(FieldScope fields, ErrorList errors, bool isStrict)
    : ExpressionBinder(fields, errors, isStrict)
{
    /// <summary>
    /// Where the query's calls that look at earlier events are gathered; null where there may be none.
    /// </summary>
    public AnalyticBinder? Analytics { get; init; }

    /// <summary>Why there may be none.</summary>
    public string NoAnalytics { get; init; } = "cannot stand here";

    public override Expression BindAggregate(CallSyntax call) => Fail(
        call.At,
        $"{call.Name} is an aggregate: it belongs in SELECT or HAVING of a query with GROUP BY and a window, such as "
        + "TumblingWindow(second, 10)");

    public override Expression BindAnalytic(CallSyntax call) =>
        Analytics?.Bind(call) ?? Fail(call.At, $"{call.Name} … OVER {NoAnalytics}");

    protected override Expression BindPath(PathSyntax path)
    {
        if (Fields.IsEvent(path))
        {
            return Fields.Event();
        }

        var resolved = Fields.Resolve(path);
        var isSide = Fields.Joined is not null && resolved.Steps.Count == 1;
        return new FieldExpression(Fields.SlotOf(resolved), resolved, isSide ? ValueKind.Record : null);
    }
}
