using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;

namespace Pipeline.Queries.Operators;

/// <summary>
/// A row for each element of an array, or of a record's members: the event's fields in <paramref name="Kept"/>, or,
/// where that is null, all of them, and the element under its name.
/// </summary>
internal sealed record ApplyPlan(
    FieldReader Fields,
    Expression Argument,
    bool IsArray,
    bool IsOuter,
    byte[] Name,
    KeptField[]? Kept,
    bool IsStrict);
