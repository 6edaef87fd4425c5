namespace Pipeline.Queries.Syntax;

/// <summary>A field of what a call gives: <c>System.Window().Id</c>.</summary>
internal sealed record MemberSyntax(Position At, SyntaxNode Of, string Name) : SyntaxNode(At);
