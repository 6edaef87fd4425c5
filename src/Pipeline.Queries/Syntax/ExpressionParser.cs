namespace Pipeline.Queries.Syntax;

/// <summary>
/// Expressions by recursive descent: OR, AND, NOT, predicates, sums, products, signs, then <see cref="PrimaryParser"/>.
/// </summary>
internal sealed class ExpressionParser
{
    private const int MaxDepth = 100;
    private const int MaxOperators = 500;

    private static readonly string[] Comparisons = ["=", "<>", "<", "<=", ">", ">="];
    private static readonly string[] Sums = ["+", "-", "&", "|", "^"];
    private static readonly string[] Signs = ["-", "+", "~"];

    private readonly TokenReader _tokens;
    private readonly PrimaryParser _primary;
    private int _depth;
    private int _operators;

    public ExpressionParser(TokenReader tokens)
    {
        _tokens = tokens;
        _primary = new PrimaryParser(tokens, this);
    }

    public SyntaxNode Read()
    {
        _operators = _depth == 0 ? 0 : _operators;
        if (++_depth > MaxDepth)
        {
            _tokens.Fail($"the expression is nested deeper than {MaxDepth}");
        }

        var result = _tokens.Broken ? new BrokenSyntax(_tokens.Current.At) : ReadOr();
        _depth--;
        return _tokens.Broken ? new BrokenSyntax(result.At) : result;
    }

    /// <summary>An operator more; a tree of too many would be too deep to walk.</summary>
    private Token TakeOperator()
    {
        if (++_operators > MaxOperators)
        {
            _tokens.Fail($"the expression has more than {MaxOperators} operators");
        }

        return _tokens.Take();
    }

    private SyntaxNode ReadOr()
    {
        var left = ReadAnd();
        while (_tokens.IsWord("OR"))
        {
            left = new BinarySyntax(TakeOperator().At, "OR", left, ReadAnd());
        }

        return left;
    }

    private SyntaxNode ReadAnd()
    {
        var left = ReadNot();
        while (_tokens.IsWord("AND"))
        {
            left = new BinarySyntax(TakeOperator().At, "AND", left, ReadNot());
        }

        return left;
    }

    private SyntaxNode ReadNot()
    {
        var nots = new Stack<Position>();
        while (_tokens.IsWord("NOT"))
        {
            nots.Push(TakeOperator().At);
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
                TakeOperator();
                left = new BinarySyntax(here.At, here.Text, left, ReadSum());
            }
            else if (_tokens.IsWord("IS"))
            {
                TakeOperator();
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
        if (!_tokens.IsWord("BETWEEN") && !_tokens.IsWord("LIKE") && !_tokens.IsWord("IN"))
        {
            _tokens.Fail($"BETWEEN, IN or LIKE was expected, not {_tokens.Current}");
            return left;
        }

        var word = TakeOperator();
        if (word.IsWord("BETWEEN"))
        {
            var low = ReadSum();
            _tokens.ExpectWord("AND");
            return new BetweenSyntax(at, left, low, ReadSum(), not);
        }

        if (word.IsWord("LIKE"))
        {
            return new LikeSyntax(at, left, ReadSum(), not);
        }

        _tokens.ExpectSymbol("(");
        return new InSyntax(at, left, _primary.ReadArguments(), not);
    }

    private SyntaxNode ReadSum()
    {
        var left = ReadProduct();
        while (Array.Exists(Sums, _tokens.IsSymbol))
        {
            var sign = TakeOperator();
            left = new BinarySyntax(sign.At, sign.Text, left, ReadProduct());
        }

        return left;
    }

    private SyntaxNode ReadProduct()
    {
        var left = ReadSigned();
        while (_tokens.IsSymbol("*") || _tokens.IsSymbol("/") || _tokens.IsSymbol("%"))
        {
            var sign = TakeOperator();
            left = new BinarySyntax(sign.At, sign.Text, left, ReadSigned());
        }

        return left;
    }

    private SyntaxNode ReadSigned()
    {
        if (!Array.Exists(Signs, _tokens.IsSymbol))
        {
            return _primary.Read();
        }

        var sign = _tokens.Take();
        if (sign.Text != "~" && _tokens.Current.Kind == TokenKind.Number)
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
