namespace Pipeline.Queries.Syntax;

/// <summary>CAST, or TRY_CAST where <see cref="Try"/>.</summary>
internal sealed record CastSyntax(Position At, SyntaxNode Operand, string Type, Position TypeAt, bool Try)
    : SyntaxNode(At);
