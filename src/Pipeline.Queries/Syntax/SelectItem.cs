namespace Pipeline.Queries.Syntax;

/// <summary>One item after SELECT; without an expression it is <c>*</c>.</summary>
internal sealed record SelectItem(Position At, SyntaxNode? Expression, string? Alias);
