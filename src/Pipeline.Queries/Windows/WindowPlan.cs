using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Operators;

namespace Pipeline.Queries.Windows;

/// <summary>
/// A query with GROUP BY and a tumbling or hopping window; lateness in ticks; a result has at most
/// <paramref name="MostBytes"/> bytes.
/// </summary>
internal sealed record WindowPlan(
    FieldReader Fields,
    Expression? Where,
    Expression[] GroupBy,
    Aggregate[] Aggregates,
    WindowShape Shape,
    long Lateness,
    Expression? Having,
    Projection Projection,
    OutputKey? Key,
    int MostBytes)
{
    public WindowTable CreateTable() => new([.. Aggregates.Select(a => a.CreateColumn())]);
}
