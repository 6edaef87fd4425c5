namespace Pipeline.Queries.Syntax;

/// <summary>A place in the query's text; both count from 1.</summary>
internal readonly record struct Position(int Line, int Column);
