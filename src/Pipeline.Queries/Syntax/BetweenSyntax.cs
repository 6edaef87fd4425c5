namespace Pipeline.Queries.Syntax;

/// <summary><c>x [NOT] BETWEEN low AND high</c></summary>
internal sealed record BetweenSyntax(Position At, SyntaxNode Operand, SyntaxNode Low, SyntaxNode High, bool Not)
    : SyntaxNode(At);
