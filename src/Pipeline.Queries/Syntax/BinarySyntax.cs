namespace Pipeline.Queries.Syntax;

/// <summary>Arithmetic, a comparison, AND or OR; <see cref="SyntaxNode.At"/> is the operator's place.</summary>
internal sealed record BinarySyntax(Position At, string Operator, SyntaxNode Left, SyntaxNode Right) : SyntaxNode(At);
