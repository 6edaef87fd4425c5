namespace Pipeline.Queries.Syntax;

/// <summary>Stands where an expression could not be read; its mistake is reported already.</summary>
internal sealed record BrokenSyntax(Position At) : SyntaxNode(At);
