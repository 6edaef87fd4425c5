namespace Pipeline.Queries.Joins;

/// <summary>
/// One DATEDIFF of ON: how many boundaries of a unit may lie between the left side's time and the right's.
/// </summary>
/// <param name="Unit">The unit, in ticks.</param>
/// <param name="Low">The least number, or null.</param>
/// <param name="High">The greatest number, or null.</param>
internal readonly record struct JoinBound(long Unit, long? Low, long? High);
