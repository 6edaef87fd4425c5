namespace Pipeline.Queries.Syntax;

/// <summary>An expression as written.</summary>
internal abstract record SyntaxNode(Position At);
