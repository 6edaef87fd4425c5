namespace Pipeline.Queries.Syntax;

/// <summary><c>x [NOT] LIKE pattern</c></summary>
internal sealed record LikeSyntax(Position At, SyntaxNode Operand, SyntaxNode Pattern, bool Not) : SyntaxNode(At);
