using Pipeline.Queries.Compilation;

namespace Pipeline.Queries.Syntax;

/// <summary>The mistakes found in a query, in any order; the first hundred, so that finding them stays quick.</summary>
internal sealed class ErrorList
{
    private const int Most = 100;

    private readonly List<QueryError> _errors = [];

    public int Count => _errors.Count;

    public void Add(Position at, string message)
    {
        if (_errors.Count == Most)
        {
            return;
        }

        var error = new QueryError(at.Line, at.Column, message);
        if (!_errors.Contains(error))
        {
            _errors.Add(error);
        }
    }

    public IReadOnlyList<QueryError> InOrder() => [.. _errors.OrderBy(e => e.Line).ThenBy(e => e.Column)];
}
