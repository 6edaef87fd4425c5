namespace Pipeline.Queries.Syntax;

/// <summary>One expression of <c>OVER (ORDER BY …)</c>.</summary>
internal sealed record OrderTerm(SyntaxNode Expression, bool Descending);
