using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;

namespace Pipeline.Queries.Operators;

/// <summary>A query without GROUP BY; a result has at most <paramref name="MostBytes"/> bytes.</summary>
internal sealed record SelectPlan(
    FieldReader Fields, Expression? Where, Projection Projection, OutputKey? Key, int MostBytes, bool IsStrict);
