namespace Pipeline.Queries.Syntax;

/// <summary><c>input.*</c> or <c>record.*</c> in a list of columns.</summary>
internal sealed record StarSyntax(Position At, PathSyntax Of) : SyntaxNode(At);
