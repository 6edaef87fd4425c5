namespace Pipeline.Queries.Syntax;

/// <summary>A number, a text, TRUE, FALSE or NULL.</summary>
internal sealed record LiteralSyntax(Position At, LiteralKind Kind, string Text) : SyntaxNode(At);
