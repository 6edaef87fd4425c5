using Pipeline.Kernel.Stages;
using Pipeline.Queries.Analytics;
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

    /// <summary>What windows are made of, where it is not GROUP BY.</summary>
    public IReadOnlyList<Expression>? WindowsBy { get; init; }

    /// <summary>The calls that look at earlier events.</summary>
    public IReadOnlyList<AnalyticTerm> Analytics { get; init; } = [];

    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>The source's columns; null where they are not known.</summary>
    public IReadOnlyList<string>? SourceNames { get; init; }

    public required Projection Projection { get; init; }

    public override string Source => SourceName;

    public override string? Into => IntoName;

    public override ITimestamp? Timestamp => Time;

    public override string? TimestampPath => TimePath;

    public override IReadOnlyList<string>? GroupBy =>
        Groups is null ? null : [.. Groups.OfType<FieldExpression>().Select(f => f.Path.ToString())];

    public override IReadOnlyList<string>? Gathers
    {
        get
        {
            IEnumerable<string>? common = GroupBy;
            foreach (var by in Analytics.Select(term => term.PartitionBy).Concat(WindowsBy is null ? [] : [WindowsBy]))
            {
                var paths = by.OfType<FieldExpression>().Select(path => path.Path.ToString());
                common = common?.Intersect(paths, StringComparer.OrdinalIgnoreCase) ?? paths;
            }

            return common is null ? null : [.. common];
        }
    }

    public override bool NeedsWatermark => Groups is not null || Analytics.Count > 0;

    public override IReadOnlyList<string>? Columns => ColumnNames;

    public override bool KeepsFields => Groups is null && Projection.HasEvent;

    public override string? SourceOf(string column)
    {
        if (!JsonPath.TryParse(column, out var path, out _))
        {
            return null;
        }

        var name = path.Steps[0].Name!;
        var found = Find(name, StringComparison.Ordinal);
        if (found < Projection.Columns.Length && Projection.Stars.Any(star => star.Before <= found))
        {
            // A star to its left may bring the same name; where the event's columns are known, it is known which.
            return SourceNames is null || Projection.Stars.Any(star => star.Record is not null) ? null
                : SourceNames.Contains(name) ? path.ToString()
                : Follow(found, path);
        }

        if (found == Projection.Columns.Length && Projection.Stars.Length > 0)
        {
            if (Projection.Stars.Any(star => star.Record is not null))
            {
                return null;
            }

            if (SourceNames is null || SourceNames.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return path.ToString();
            }
        }

        found = found < Projection.Columns.Length ? found : Find(name, StringComparison.OrdinalIgnoreCase);
        return found < Projection.Columns.Length ? Follow(found, path) : null;
    }

    public override IOperator CreateOperator() => create();

    private string? Follow(int index, JsonPath path)
    {
        var found = Projection.Columns[index].Expression;
        var source = found is GroupExpression group ? Groups![group.Index] : found;
        return source is FieldExpression field
            ? new JsonPath([.. field.Path.Steps, .. path.Steps.Skip(1)]).ToString()
            : null;
    }

    /// <summary>The column's index, or the number of columns where there is none.</summary>
    private int Find(string name, StringComparison comparison)
    {
        var index = Array.FindIndex(Projection.Columns, c => c.Name.Equals(name, comparison));
        return index < 0 ? Projection.Columns.Length : index;
    }
}
