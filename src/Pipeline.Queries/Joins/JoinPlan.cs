using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;

namespace Pipeline.Queries.Joins;

/// <summary>A checked join.</summary>
/// <param name="Fields">What <paramref name="On"/> reads of a row of both.</param>
/// <param name="Left">The source behind FROM.</param>
/// <param name="Right">The source behind JOIN.</param>
/// <param name="Bounds">When both may meet.</param>
/// <param name="On">What else ON asks of a row of both; null: nothing.</param>
/// <param name="IsLeft">Whether rows of the left side come out that met none.</param>
/// <param name="Lateness">How long after its time an event still counts, in ticks.</param>
/// <param name="IsStrict">Whether nothing is converted but by CAST.</param>
internal sealed record JoinPlan(
    FieldReader Fields,
    JoinSide Left,
    JoinSide Right,
    JoinBounds Bounds,
    Expression? On,
    bool IsLeft,
    long Lateness,
    bool IsStrict);
