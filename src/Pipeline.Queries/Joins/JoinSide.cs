using Pipeline.Queries.Expressions;

namespace Pipeline.Queries.Joins;

/// <summary>One side as the join reads it.</summary>
/// <param name="Label">How its rows begin, <c>{"name":</c>; the event and a brace follow.</param>
/// <param name="Keys">Its values that must equal the other side's, in ON's order, over such a row.</param>
internal sealed record JoinSide(byte[] Label, Expression[] Keys);
