namespace Pipeline.Queries.Compilation;

/// <summary>Either a query or its mistakes, all of them.</summary>
public sealed record QueryCompilation(CompiledQuery? Query, IReadOnlyList<QueryError> Errors);
