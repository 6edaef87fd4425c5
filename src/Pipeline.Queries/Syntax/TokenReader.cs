namespace Pipeline.Queries.Syntax;

/// <summary>
/// Tokens one after the other. After a syntax error nothing matches any more and nothing is reported, until
/// <see cref="Recover"/> has found the next place to go on from: so each mistake is reported once.
/// </summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens, ErrorList errors)
{
    private static readonly string[] Clauses =
        ["FROM", "INTO", "WHERE", "GROUP", "HAVING", "TIMESTAMP", "UNION", "JOIN", "SELECT"];

    private int _at;

    public bool Broken { get; private set; }

    public Token Current => tokens[_at];

    /// <summary>The token taken last; the first one where none was.</summary>
    public Token Before => tokens[Math.Max(0, _at - 1)];

    public Token Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    /// <summary>A place for <see cref="Reset"/> to go back to.</summary>
    public int Mark() => _at;

    public void Reset(int mark) => _at = mark;

    public Token Take()
    {
        var token = Current;
        _at = Math.Min(_at + 1, tokens.Count - 1);
        return token;
    }

    public bool IsWord(string word) => !Broken && Current.IsWord(word);

    public bool IsSymbol(string symbol) => !Broken && Current.IsSymbol(symbol);

    public bool TakeWord(string word)
    {
        var found = IsWord(word);
        _at += found ? 1 : 0;
        return found;
    }

    public bool TakeSymbol(string symbol)
    {
        var found = IsSymbol(symbol);
        _at += found ? 1 : 0;
        return found;
    }

    public void ExpectWord(string word)
    {
        if (!TakeWord(word))
        {
            Fail($"{word} was expected, not {Current}");
        }
    }

    public void ExpectSymbol(string symbol)
    {
        if (!TakeSymbol(symbol))
        {
            Fail($"'{symbol}' was expected, not {Current}");
        }
    }

    public void Fail(string message) => Fail(Current.At, message);

    public void Fail(Position at, string message)
    {
        if (!Broken)
        {
            errors.Add(at, message);
            Broken = true;
        }
    }

    /// <summary>Reports what can be read and makes no sense.</summary>
    public void Report(Position at, string message) => errors.Add(at, message);

    /// <summary><c>name AS (</c>, in front of a step; gives the name.</summary>
    public Token ReadStepName()
    {
        var name = Current;
        if (!name.IsName || Keywords.IsReserved(name))
        {
            Fail($"a step's name was expected, not {name}");
        }
        else
        {
            Take();
        }

        ExpectWord("AS");
        ExpectSymbol("(");
        Recover(stopAtComma: false);
        return name;
    }

    /// <summary>
    /// After an error: goes on behind the parenthesis that opens next, or, inside of one, to its end, so that clauses
    /// in there are not taken for the query's.
    /// </summary>
    public void SkipNested()
    {
        for (var depth = 0; Current.Kind != TokenKind.End; _at++)
        {
            depth += Current.IsSymbol("(") ? 1 : Current.IsSymbol(")") ? -1 : 0;
            if (depth <= 0 && Current.IsSymbol(")"))
            {
                _at += depth == 0 ? 1 : 0;
                return;
            }
        }
    }

    /// <summary>Reports what makes the rest unreadable, and goes to the end.</summary>
    public void Abandon(Position at, string message)
    {
        Fail(at, message);
        _at = tokens.Count - 1;
        Broken = false;
    }

    /// <summary>After an error: skips to the next clause, or, in a list, to the next comma of this level.</summary>
    public void Recover(bool stopAtComma)
    {
        if (!Broken)
        {
            return;
        }

        Broken = false;
        for (var depth = 0; Current.Kind != TokenKind.End; _at++)
        {
            depth += Current.IsSymbol("(") ? 1 : Current.IsSymbol(")") ? -1 : 0;
            if (Array.Exists(Clauses, Current.IsWord) || (stopAtComma && depth <= 0 && Current.IsSymbol(",")))
            {
                return;
            }
        }
    }
}
