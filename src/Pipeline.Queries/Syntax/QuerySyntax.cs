namespace Pipeline.Queries.Syntax;

/// <summary>A query as written.</summary>
internal sealed class QuerySyntax
{
    /// <summary>The step's name after WITH; null for the query itself.</summary>
    public string? Name { get; set; }

    public Position NameAt { get; set; }

    public List<SelectItem> Select { get; } = [];

    public string? Into { get; set; }

    public Position IntoAt { get; set; }

    public Position IntoNameAt { get; set; }

    public string? Source { get; set; }

    public Position SourceAt { get; set; }

    public string? Alias { get; set; }

    public List<ApplySyntax> Applies { get; } = [];

    /// <summary>The second source, or null.</summary>
    public JoinSyntax? Join { get; set; }

    public SyntaxNode? Timestamp { get; set; }

    public Position TimestampAt { get; set; }

    public SyntaxNode? Where { get; set; }

    public Position GroupByAt { get; set; }

    /// <summary>Null for a query without GROUP BY.</summary>
    public List<SyntaxNode>? GroupBy { get; set; }

    public SyntaxNode? Having { get; set; }

    /// <summary>Whether the text has more, which could not be read.</summary>
    public bool IsCut { get; set; }
}
