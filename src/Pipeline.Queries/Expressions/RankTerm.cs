namespace Pipeline.Queries.Expressions;

/// <summary>One expression of ORDER BY in TopOne and CollectTop.</summary>
internal sealed record RankTerm(Expression Expression, bool Descending);
