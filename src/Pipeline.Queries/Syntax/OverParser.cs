namespace Pipeline.Queries.Syntax;

/// <summary>Reads <c>OVER (ORDER BY x [ASC|DESC], …)</c> behind an aggregate that ranks its events.</summary>
internal sealed class OverParser(TokenReader tokens, ExpressionParser expressions)
{
    private static readonly string[] Ranking = ["TopOne", "CollectTop", "PERCENTILE_CONT", "PERCENTILE_DISC"];

    public SyntaxNode Read(CallSyntax call)
    {
        if (!Ranking.Contains(call.Name, StringComparer.OrdinalIgnoreCase))
        {
            tokens.Fail(
                call.At,
                $"{call.Name} … OVER is not supported yet: a stage in C# can keep what it needs of earlier events");
            tokens.SkipNested();
            return call;
        }

        tokens.Take();
        tokens.ExpectSymbol("(");
        if (tokens.IsWord("PARTITION") || tokens.IsWord("LIMIT") || tokens.IsWord("WHEN"))
        {
            return Analytic(call);
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
            return Analytic(call);
        }

        tokens.ExpectSymbol(")");
        return call with { Order = terms };
    }

    private CallSyntax Analytic(CallSyntax call)
    {
        tokens.Fail(
            call.At,
            $"{call.Name} … OVER with {tokens.Current.Text.ToUpperInvariant()} is not supported yet: write it as an "
                + $"aggregate, {call.Name}(…) OVER (ORDER BY …) with GROUP BY and a window");
        tokens.SkipNested();
        return call;
    }
}
