namespace Pipeline.Queries.Syntax;

/// <summary><c>x [NOT] IN (a, b)</c></summary>
internal sealed record InSyntax(Position At, SyntaxNode Operand, IReadOnlyList<SyntaxNode> Items, bool Not)
    : SyntaxNode(At);
