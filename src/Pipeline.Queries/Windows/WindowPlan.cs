using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Operators;

namespace Pipeline.Queries.Windows;

/// <summary>
/// A query with GROUP BY and windows, one or several; lateness in ticks; a result has at most
/// <paramref name="MostBytes"/> bytes.
/// </summary>
internal sealed record WindowPlan(
    FieldReader Fields,
    Expression? Where,
    Expression[] GroupBy,
    Aggregate[] Aggregates,
    NamedWindow[] Windows,
    long Lateness,
    Expression? Having,
    Projection Projection,
    OutputKey? Key,
    int MostBytes,
    bool IsStrict)
{
    public WindowShape[] Shapes { get; } = [.. Windows.Select(window => window.Shape)];

    /// <summary>The window, where it is one that follows from the events.</summary>
    public ContentShape? Content { get; init; }

    public WindowTable CreateTable() => new([.. Aggregates.Select(a => a.CreateColumn())]);
}
