using Pipeline.Queries.Expressions;

namespace Pipeline.Queries.Operators;

/// <summary>
/// A star in SELECT: all fields of the event, or of a record in it; <paramref name="Before"/> is the number of columns
/// to its left.
/// </summary>
internal sealed record StarItem(FieldExpression? Record, int Before);
