namespace Pipeline.Queries.Syntax;

/// <summary>A function call; <see cref="Star"/> for <c>COUNT(*)</c>.</summary>
internal sealed record CallSyntax(
    Position At, string Name, IReadOnlyList<SyntaxNode> Arguments, bool Star, bool Distinct) : SyntaxNode(At)
{
    /// <summary>What stands in <c>OVER (ORDER BY …)</c>; empty where there is none.</summary>
    public IReadOnlyList<OrderTerm> Order { get; init; } = [];

    /// <summary>What else may stand in OVER; null where there is none.</summary>
    public OverSyntax? Over { get; init; }
}
