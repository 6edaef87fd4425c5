using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;

namespace Pipeline.Queries.Joins;

/// <summary>One side as the join reads it.</summary>
/// <param name="Label">How its rows begin, <c>{"name":</c>; the event and a brace follow.</param>
/// <param name="Fields">What the keys read of such a row.</param>
/// <param name="Keys">Its values that must equal the other side's, in ON's order.</param>
internal sealed record JoinSide(byte[] Label, FieldReader Fields, Expression[] Keys);
