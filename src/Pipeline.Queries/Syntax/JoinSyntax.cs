namespace Pipeline.Queries.Syntax;

/// <summary><c>[INNER | LEFT [OUTER]] JOIN source [AS] alias [TIMESTAMP BY x] ON condition</c></summary>
internal sealed record JoinSyntax(Position At, bool IsLeft)
{
    public string? Source { get; init; }

    public Position SourceAt { get; init; }

    public string? Alias { get; init; }

    public SyntaxNode? Timestamp { get; init; }

    public SyntaxNode? On { get; init; }

    /// <summary>What its columns are named by.</summary>
    public string Name => Alias ?? Source ?? "";
}
