using Pipeline.Queries.Analytics;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;

namespace Pipeline.Queries.Operators;

/// <summary>
/// A query without GROUP BY; a result has at most <paramref name="MostBytes"/> bytes. With <paramref name="Analytics"/>
/// it looks at earlier events, which lateness, in ticks, keeps longer.
/// </summary>
internal sealed record SelectPlan(
    FieldReader Fields,
    AnalyticTerm[] Analytics,
    long Lateness,
    Expression? Where,
    Projection Projection,
    OutputKey? Key,
    int MostBytes,
    bool IsStrict);
