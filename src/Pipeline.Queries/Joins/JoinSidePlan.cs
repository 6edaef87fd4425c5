using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Operators;

namespace Pipeline.Queries.Joins;

/// <summary>What brings one side's events to a join.</summary>
/// <param name="Fields">What is read of an event.</param>
/// <param name="Key">What both sides are spread by; null: by nothing.</param>
/// <param name="Label">How its rows begin, <c>{"name":</c>.</param>
/// <param name="Kept">The event's fields that are read behind the join; null: all.</param>
/// <param name="KeepsUnmatched">Whether an event comes out that can meet none.</param>
/// <param name="IsStrict">Whether nothing is converted but by CAST.</param>
internal sealed record JoinSidePlan(
    FieldReader Fields, Expression? Key, byte[] Label, KeptField[]? Kept, bool KeepsUnmatched, bool IsStrict);
