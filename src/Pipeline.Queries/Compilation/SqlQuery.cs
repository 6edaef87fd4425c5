using Pipeline.Kernel.Stages;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Operators;

namespace Pipeline.Queries.Compilation;

/// <summary>A query compiled from text.</summary>
internal sealed class SqlQuery(Func<IOperator> create) : CompiledQuery
{
    public required string SourceName { get; init; }

    public string? IntoName { get; init; }

    public ITimestamp? Time { get; init; }

    public string? TimePath { get; init; }

    /// <summary>Null for a query without GROUP BY.</summary>
    public IReadOnlyList<Expression>? Groups { get; init; }

    public IReadOnlyList<string>? ColumnNames { get; init; }

    public required Projection Projection { get; init; }

    public override string Source => SourceName;

    public override string? Into => IntoName;

    public override ITimestamp? Timestamp => Time;

    public override string? TimestampPath => TimePath;

    public override IReadOnlyList<string>? GroupBy =>
        Groups is null ? null : [.. Groups.OfType<FieldExpression>().Select(f => f.Path.ToString())];

    public override IReadOnlyList<string>? Columns => ColumnNames;

    public override string? SourceOf(string column)
    {
        if (!JsonPath.TryParse(column, out var path, out _))
        {
            return null;
        }

        var name = path.Steps[0].Name!;
        var found = Find(name, StringComparison.Ordinal);
        if (found is null && Projection.Star
            && (ColumnNames is null || ColumnNames.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            return path.ToString();
        }

        found ??= Find(name, StringComparison.OrdinalIgnoreCase);
        var source = found?.Expression is GroupExpression group ? Groups![group.Index] : found?.Expression;
        return source is FieldExpression field
            ? new JsonPath([.. field.Path.Steps, .. path.Steps.Skip(1)]).ToString()
            : null;
    }

    public override IOperator CreateOperator() => create();

    private OutputColumn? Find(string name, StringComparison comparison) =>
        Array.Find(Projection.Columns, c => c.Name.Equals(name, comparison));
}
