using Pipeline.Queries.Json;

namespace Pipeline.Queries.Syntax;

/// <summary>Literals, columns and paths, calls, CASE, CAST and parentheses.</summary>
internal sealed class PrimaryParser(TokenReader tokens, ExpressionParser expressions)
{
    private const int MaxSteps = 64;

    private readonly OverParser _over = new(tokens, expressions);

    public SyntaxNode Read()
    {
        var here = tokens.Current;
        if (tokens.Broken)
        {
            return new BrokenSyntax(here.At);
        }

        switch (here.Kind)
        {
            case TokenKind.Number:
                return new LiteralSyntax(tokens.Take().At, LiteralKind.Number, here.Text);
            case TokenKind.Text:
                return new LiteralSyntax(tokens.Take().At, LiteralKind.Text, here.Text);
            case TokenKind.QuotedName:
                return ReadPath();
            case TokenKind.Word when !Keywords.IsReserved(here):
                return ReadWord(here);
            case TokenKind.Symbol when tokens.TakeSymbol("("):
                var inner = expressions.Read();
                tokens.ExpectSymbol(")");
                return inner;
            case TokenKind.Word when here.IsWord("SELECT"):
                tokens.Fail("a query inside an expression is not part of the language: a stage or step can compute it");
                tokens.SkipNested();
                return new BrokenSyntax(here.At);
            default:
                var hint = here.Kind == TokenKind.Word ? $" (as a name it is written [{here.Text}])" : "";
                tokens.Fail($"an expression was expected, not {here}{hint}");
                return new BrokenSyntax(here.At);
        }
    }

    /// <summary>Behind the opening parenthesis: at least one expression, then the closing one.</summary>
    public List<SyntaxNode> ReadArguments()
    {
        var arguments = new List<SyntaxNode>();
        do
        {
            arguments.Add(expressions.Read());
        }
        while (tokens.TakeSymbol(","));

        tokens.ExpectSymbol(")");
        return arguments;
    }

    private SyntaxNode ReadWord(Token here)
    {
        var literal = here.IsWord("NULL") ? LiteralKind.Null
            : here.IsWord("TRUE") ? LiteralKind.True
            : here.IsWord("FALSE") ? LiteralKind.False
            : LiteralKind.Text;
        if (literal != LiteralKind.Text)
        {
            return new LiteralSyntax(tokens.Take().At, literal, here.Text);
        }

        if (here.IsWord("CASE"))
        {
            return ReadCase();
        }

        return (here.IsWord("CAST") || here.IsWord("TRY_CAST")) && tokens.Next.IsSymbol("(")
            ? ReadCast()
            : ReadPath();
    }

    private SyntaxNode ReadPath()
    {
        var at = tokens.Current.At;
        var steps = new List<JsonStep> { new(tokens.Take().Text, 0) };
        while (true)
        {
            if (steps.Count > MaxSteps)
            {
                tokens.Fail(at, $"a path of more than {MaxSteps} steps: events are not nested deeper");
                return new BrokenSyntax(at);
            }

            if (tokens.TakeSymbol("."))
            {
                if (tokens.Current.IsName)
                {
                    steps.Add(new JsonStep(tokens.Take().Text, 0));
                    continue;
                }

                if (tokens.TakeSymbol("*"))
                {
                    return new StarSyntax(at, new PathSyntax(at, steps));
                }

                tokens.Fail($"a field's name was expected, not {tokens.Current}");
                return new BrokenSyntax(at);
            }

            if (tokens.TakeSymbol("["))
            {
                var index = tokens.Take();
                if (!int.TryParse(index.Text, out var number))
                {
                    tokens.Fail(index.At, $"an index from 0 to {int.MaxValue} was expected, not {index}");
                }

                tokens.ExpectSymbol("]");
                steps.Add(new JsonStep(null, number));
                continue;
            }

            return tokens.TakeSymbol("(") ? ReadCall(at, steps) : new PathSyntax(at, steps);
        }
    }

    private SyntaxNode ReadCall(Position at, List<JsonStep> steps)
    {
        var name = string.Join('.', steps.Select(s => s.Name ?? $"[{s.Index}]"));
        if (tokens.TakeSymbol(")"))
        {
            return AfterCall(new CallSyntax(at, name, [], false, false));
        }

        if (tokens.IsSymbol("*") && tokens.Next.IsSymbol(")"))
        {
            tokens.Take();
            tokens.Take();
            return AfterCall(new CallSyntax(at, name, [], true, false));
        }

        var distinct = tokens.TakeWord("DISTINCT");
        if (!distinct && tokens.IsWord("ALL") && tokens.Next.Kind != TokenKind.Symbol)
        {
            // ALL is what every aggregate does.
            tokens.Take();
        }

        return AfterCall(new CallSyntax(at, name, ReadArguments(), false, distinct));
    }

    private SyntaxNode AfterCall(CallSyntax call)
    {
        SyntaxNode result = tokens.IsWord("OVER") ? _over.Read(call) : call;
        for (var steps = 1; tokens.TakeSymbol("."); steps++)
        {
            if (!tokens.Current.IsName || steps > MaxSteps)
            {
                tokens.Fail($"a field's name was expected, not {tokens.Current}");
                return new BrokenSyntax(call.At);
            }

            result = new MemberSyntax(call.At, result, tokens.Take().Text);
        }

        return result;
    }

    private CaseSyntax ReadCase()
    {
        var at = tokens.Take().At;
        var subject = tokens.IsWord("WHEN") ? null : expressions.Read();
        var branches = new List<(SyntaxNode, SyntaxNode)>();
        while (tokens.TakeWord("WHEN"))
        {
            var when = expressions.Read();
            tokens.ExpectWord("THEN");
            branches.Add((when, expressions.Read()));
        }

        if (branches.Count == 0)
        {
            tokens.Fail($"WHEN was expected, not {tokens.Current}");
        }

        var otherwise = tokens.TakeWord("ELSE") ? expressions.Read() : null;
        tokens.ExpectWord("END");
        return new CaseSyntax(at, subject, branches, otherwise);
    }

    private CastSyntax ReadCast()
    {
        var word = tokens.Take();
        tokens.ExpectSymbol("(");
        var operand = expressions.Read();
        tokens.ExpectWord("AS");
        var type = tokens.Current;
        if (type.IsName)
        {
            tokens.Take();
        }
        else
        {
            tokens.Fail($"a type was expected, not {type}");
        }

        if (tokens.TakeSymbol("("))
        {
            tokens.ExpectWord("max");
            tokens.ExpectSymbol(")");
        }

        tokens.ExpectSymbol(")");
        return new CastSyntax(word.At, operand, type.Text, type.At, word.IsWord("TRY_CAST"));
    }
}
