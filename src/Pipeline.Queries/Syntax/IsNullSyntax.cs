namespace Pipeline.Queries.Syntax;

/// <summary><c>x IS [NOT] NULL</c></summary>
internal sealed record IsNullSyntax(Position At, SyntaxNode Operand, bool Not) : SyntaxNode(At);
