namespace Pipeline.Queries.Syntax;

/// <summary>
/// Expressions by recursive descent: OR, AND, NOT, predicates, sums, products, signs, then <see cref="PrimaryParser"/>.
/// </summary>
internal sealed class ExpressionParser
{
    private const int MaxDepth = 100;

    private static readonly string[] Comparisons = ["=", "<>", "<", "<=", ">", ">="];

    private readonly TokenReader _tokens;
    private readonly PrimaryParser _primary;
    private int _depth;

    public ExpressionParser(TokenReader tokens)
    {
        _tokens = tokens;
        _primary = new PrimaryParser(tokens, this);
    }

    public SyntaxNode Read()
    {
        if (++_depth > MaxDepth)
        {
            _tokens.Fail($"the expression is nested deeper than {MaxDepth}");
        }

        var result = _tokens.Broken ? new BrokenSyntax(_tokens.Current.At) : ReadOr();
        _depth--;
        return _tokens.Broken ? new BrokenSyntax(result.At) : result;
    }

    private SyntaxNode ReadOr()
    {
        var left = ReadAnd();
        while (_tokens.IsWord("OR"))
        {
            left = new BinarySyntax(_tokens.Take().At, "OR", left, ReadAnd());
        }

        return left;
    }

    private SyntaxNode ReadAnd()
    {
        var left = ReadNot();
        while (_tokens.IsWord("AND"))
        {
            left = new BinarySyntax(_tokens.Take().At, "AND", left, ReadNot());
        }

        return left;
    }

    private SyntaxNode ReadNot()
    {
        var nots = new Stack<Position>();
        while (_tokens.IsWord("NOT"))
        {
            nots.Push(_tokens.Take().At);
        }

        var result = ReadPredicate();
        while (nots.TryPop(out var at))
        {
            result = new UnarySyntax(at, "NOT", result);
        }

        return result;
    }

    private SyntaxNode ReadPredicate()
    {
        var left = ReadSum();
        while (!_tokens.Broken)
        {
            var here = _tokens.Current;
            if (here.Kind == TokenKind.Symbol && Array.IndexOf(Comparisons, here.Text) >= 0)
            {
                _tokens.Take();
                left = new BinarySyntax(here.At, here.Text, left, ReadSum());
            }
            else if (_tokens.TakeWord("IS"))
            {
                var not = _tokens.TakeWord("NOT");
                _tokens.ExpectWord("NULL");
                left = new IsNullSyntax(here.At, left, not);
            }
            else if (here.IsWord("BETWEEN") || here.IsWord("IN") || here.IsWord("LIKE") || here.IsWord("NOT"))
            {
                left = ReadMembership(left, here.At, _tokens.TakeWord("NOT"));
            }
            else
            {
                return left;
            }
        }

        return left;
    }

    private SyntaxNode ReadMembership(SyntaxNode left, Position at, bool not)
    {
        if (_tokens.TakeWord("BETWEEN"))
        {
            var low = ReadSum();
            _tokens.ExpectWord("AND");
            return new BetweenSyntax(at, left, low, ReadSum(), not);
        }

        if (_tokens.TakeWord("LIKE"))
        {
            return new LikeSyntax(at, left, ReadSum(), not);
        }

        _tokens.ExpectWord("IN");
        _tokens.ExpectSymbol("(");
        return new InSyntax(at, left, _primary.ReadArguments(), not);
    }

    private SyntaxNode ReadSum()
    {
        var left = ReadProduct();
        while (_tokens.IsSymbol("+") || _tokens.IsSymbol("-"))
        {
            var sign = _tokens.Take();
            left = new BinarySyntax(sign.At, sign.Text, left, ReadProduct());
        }

        return left;
    }

    private SyntaxNode ReadProduct()
    {
        var left = ReadSigned();
        while (_tokens.IsSymbol("*") || _tokens.IsSymbol("/") || _tokens.IsSymbol("%"))
        {
            var sign = _tokens.Take();
            left = new BinarySyntax(sign.At, sign.Text, left, ReadSigned());
        }

        return left;
    }

    private SyntaxNode ReadSigned()
    {
        if (!_tokens.IsSymbol("-") && !_tokens.IsSymbol("+"))
        {
            return _primary.Read();
        }

        var sign = _tokens.Take();
        if (_tokens.Current.Kind == TokenKind.Number)
        {
            // A negative literal is one token's worth: -9223372036854775808 has no positive counterpart.
            var number = _tokens.Take();
            return new LiteralSyntax(sign.At, LiteralKind.Number, sign.Text == "-" ? "-" + number.Text : number.Text);
        }

        if (++_depth > MaxDepth)
        {
            _tokens.Fail($"the expression is nested deeper than {MaxDepth}");
            return new BrokenSyntax(sign.At);
        }

        var operand = ReadSigned();
        _depth--;
        return new UnarySyntax(sign.At, sign.Text, operand);
    }
}
