namespace Pipeline.Queries.Syntax;

/// <summary><c>-x</c>, <c>+x</c>, <c>~x</c> or <c>NOT x</c>.</summary>
internal sealed record UnarySyntax(Position At, string Operator, SyntaxNode Operand) : SyntaxNode(At);
