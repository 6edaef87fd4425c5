using Pipeline.Queries.Compilation;

namespace Pipeline.Queries.Syntax;

/// <summary>The mistakes found in a query, in any order.</summary>
internal sealed class ErrorList
{
    private readonly List<QueryError> _errors = [];

    public int Count => _errors.Count;

    public void Add(Position at, string message)
    {
        var error = new QueryError(at.Line, at.Column, message);
        if (!_errors.Contains(error))
        {
            _errors.Add(error);
        }
    }

    public IReadOnlyList<QueryError> InOrder() => [.. _errors.OrderBy(e => e.Line).ThenBy(e => e.Column)];
}
