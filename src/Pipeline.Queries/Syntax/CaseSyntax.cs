namespace Pipeline.Queries.Syntax;

/// <summary>CASE; with a subject the branches compare it, without one they are conditions.</summary>
internal sealed record CaseSyntax(
    Position At, SyntaxNode? Subject, IReadOnlyList<(SyntaxNode When, SyntaxNode Then)> Branches, SyntaxNode? Else)
    : SyntaxNode(At);
