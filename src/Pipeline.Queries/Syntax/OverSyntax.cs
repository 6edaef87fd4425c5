namespace Pipeline.Queries.Syntax;

/// <summary><c>OVER ([PARTITION BY …] [LIMIT DURATION(unit, n)] [WHEN …])</c></summary>
internal sealed record OverSyntax(
    Position At, IReadOnlyList<SyntaxNode> PartitionBy, CallSyntax? Limit, SyntaxNode? When);
