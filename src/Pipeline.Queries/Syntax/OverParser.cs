namespace Pipeline.Queries.Syntax;

/// <summary>
/// Reads <c>OVER (ORDER BY x [ASC|DESC], …)</c> behind an aggregate that ranks its events, and
/// <c>OVER ([PARTITION BY x, …] [LIMIT DURATION(unit, n)] [WHEN condition])</c> behind any other call.
/// </summary>
internal sealed class OverParser(TokenReader tokens, ExpressionParser expressions)
{
    private static readonly string[] Ranking = ["TopOne", "CollectTop", "PERCENTILE_CONT", "PERCENTILE_DISC"];

    public SyntaxNode Read(CallSyntax call)
    {
        var at = tokens.Take().At;
        tokens.ExpectSymbol("(");
        return Ranking.Contains(call.Name, StringComparer.OrdinalIgnoreCase)
            ? ReadOrder(call)
            : call with { Over = ReadOver(at) };
    }

    private CallSyntax ReadOrder(CallSyntax call)
    {
        if (tokens.IsWord("PARTITION") || tokens.IsWord("LIMIT") || tokens.IsWord("WHEN"))
        {
            return FailRanking(call);
        }

        tokens.ExpectWord("ORDER");
        tokens.ExpectWord("BY");
        var terms = new List<OrderTerm>();
        do
        {
            var expression = expressions.Read();
            var descending = tokens.TakeWord("DESC");
            _ = descending || tokens.TakeWord("ASC");
            terms.Add(new OrderTerm(expression, descending));
        }
        while (tokens.TakeSymbol(","));

        if (tokens.IsWord("LIMIT") || tokens.IsWord("WHEN"))
        {
            return FailRanking(call);
        }

        tokens.ExpectSymbol(")");
        return call with { Order = terms };
    }

    private OverSyntax ReadOver(Position at)
    {
        var partitionBy = new List<SyntaxNode>();
        if (tokens.TakeWord("PARTITION"))
        {
            tokens.ExpectWord("BY");
            do
            {
                partitionBy.Add(expressions.Read());
            }
            while (tokens.TakeSymbol(","));
        }

        CallSyntax? limit = null;
        if (tokens.TakeWord("LIMIT"))
        {
            limit = expressions.Read() as CallSyntax;
            if (limit is null)
            {
                tokens.Fail("DURATION(unit, n) was expected behind LIMIT");
            }
        }

        var when = tokens.TakeWord("WHEN") ? expressions.Read() : null;
        if (!tokens.IsSymbol(")"))
        {
            tokens.Fail($"PARTITION BY, LIMIT DURATION(unit, n), WHEN or ')' was expected, not {tokens.Current}");
        }

        tokens.TakeSymbol(")");
        return new OverSyntax(at, partitionBy, limit, when);
    }

    private CallSyntax FailRanking(CallSyntax call)
    {
        tokens.Fail(
            call.At,
            $"{call.Name} … OVER with {tokens.Current.Text.ToUpperInvariant()} is not supported yet: write it as an "
                + $"aggregate, {call.Name}(…) OVER (ORDER BY …) with GROUP BY and a window");
        tokens.SkipNested();
        return call;
    }
}
