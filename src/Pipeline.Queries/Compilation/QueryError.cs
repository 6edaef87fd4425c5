namespace Pipeline.Queries.Compilation;

/// <summary>One mistake in a query; line and column count from 1 within the query's text.</summary>
public sealed record QueryError(int Line, int Column, string Message)
{
    public override string ToString() => $"{Line}:{Column}: {Message}";
}
