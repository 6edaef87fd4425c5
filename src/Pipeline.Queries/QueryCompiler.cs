using Pipeline.Queries.Binding;
using Pipeline.Queries.Compilation;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries;

/// <summary>
/// Text to a checked query (the Azure Stream Analytics dialect; docs/query-language.md says what of it).
/// </summary>
public static class QueryCompiler
{
    /// <summary>
    /// The queries that a text holds, each to be compiled by itself; only their form is checked, and all mistakes of it
    /// are in the answer.
    /// </summary>
    public static QueryParts Split(string text)
    {
        var errors = new ErrorList();
        var tokens = new TokenReader(new Lexer(text, errors).Read(), errors);
        return new QueryParts(new PartsParser(tokens).Read(), errors.InOrder());
    }

    /// <summary>Never throws for a wrong query: all its mistakes are in the answer, by line and column.</summary>
    public static QueryCompilation Compile(string text, QueryOptions options)
    {
        var errors = new ErrorList();
        var tokens = new TokenReader(new Lexer(text, errors).Read(), errors);
        var steps = new ChainParser(tokens).Read();
        var query = new ChainBinder(steps, options, errors).Bind();
        return errors.Count == 0 ? new QueryCompilation(query, []) : new QueryCompilation(null, errors.InOrder());
    }
}
