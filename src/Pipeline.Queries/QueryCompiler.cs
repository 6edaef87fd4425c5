using Pipeline.Queries.Binding;
using Pipeline.Queries.Compilation;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries;

/// <summary>
/// Text to a checked query (the Azure Stream Analytics dialect; docs/query-language.md says what of it).
/// </summary>
public static class QueryCompiler
{
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
