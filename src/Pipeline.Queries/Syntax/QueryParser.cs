namespace Pipeline.Queries.Syntax;

/// <summary>
/// Reads one SELECT, clause by clause; a clause that cannot be read does not hide mistakes in the next.
/// </summary>
internal sealed class QueryParser
{
    private static readonly (string Word, string Message)[] NotYet =
    [
        ("RIGHT", "RIGHT JOIN is not part of the language: LEFT JOIN with the sources the other way round is the same"),
        ("FULL", "FULL JOIN is not part of the language"),
        ("CROSS", "CROSS JOIN is for reference data, which is not supported yet; two streams are joined by JOIN … ON "
            + "DATEDIFF(second, a, b) BETWEEN 0 AND 10, which needs no columns that are equal"),
        ("OUTER", "APPLY was expected behind OUTER"),
        ("MATCH_RECOGNIZE", "MATCH_RECOGNIZE is not supported yet: a stage in C# can look for what follows what"),
        ("PARTITION", "PARTITION BY belongs right behind FROM or TIMESTAMP BY"),
        ("ORDER", "ORDER BY is not part of the language: a stream has no end to sort at"),
        ("LIMIT", "LIMIT is not part of the language"),
    ];

    private const string BesideApply = "JOIN and APPLY in one FROM: make one of them a step of WITH";

    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;
    private readonly SourceParser _sources;
    private readonly QuerySyntax _query = new();

    public QueryParser(TokenReader tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens);
        _sources = new SourceParser(tokens, _expressions);
    }

    /// <summary>Reads one SELECT and stops behind it.</summary>
    public QuerySyntax Read()
    {
        if (_tokens.IsWord("CREATE"))
        {
            Abandon("CREATE TABLE is not supported yet: CAST and TRY_CAST say of which type a field must be");
            return _query;
        }

        _tokens.ExpectWord("SELECT");
        ReadSelect();
        ReadInto();
        ReadFrom();
        ReadTimestamp();
        ReadJoins();
        ReadWhere();
        ReadGroupBy();
        ReadHaving();
        return _query;
    }

    /// <summary>Behind the last SELECT nothing may follow.</summary>
    public void ReadEnd()
    {
        _tokens.TakeSymbol(";");
        if (_tokens.Current.Kind != TokenKind.End)
        {
            var isSecond = _tokens.IsWord("SELECT") || _tokens.IsWord("WITH") || _tokens.IsWord("UNION");
            FailAt(_tokens.Current, isSecond ? "a second query: each is a stage of its own"
                : "the end of the query, or a clause in the order SELECT, INTO, FROM, TIMESTAMP BY, "
                + $"WHERE, GROUP BY, HAVING was expected, not {_tokens.Current}");
        }
    }

    private void ReadSelect()
    {
        if (_tokens.IsWord("TOP") || _tokens.IsWord("DISTINCT"))
        {
            _tokens.Fail(_tokens.IsWord("TOP")
                ? "SELECT TOP is not supported yet: CollectTop(n) OVER (ORDER BY …) has the first n of a window"
                : "SELECT DISTINCT is not supported yet: GROUP BY the columns and a window has each once");
        }

        do
        {
            ReadSelectItem();
            _tokens.Recover(stopAtComma: true);
        }
        while (_tokens.TakeSymbol(","));
    }

    private void ReadSelectItem()
    {
        var at = _tokens.Current.At;
        if (_tokens.TakeSymbol("*"))
        {
            _query.Select.Add(new SelectItem(at, null, null));
            return;
        }

        if (ReadNamed(at))
        {
            return;
        }

        var expression = _expressions.Read();
        string? alias = null;
        if (_tokens.TakeWord("AS"))
        {
            alias = _tokens.Current.Kind == TokenKind.Text ? _tokens.Take().Text : _sources.ReadName("a column's name");
        }
        else if (!_tokens.Broken && _tokens.Current.IsName && !Keywords.EndsItem(_tokens.Current))
        {
            alias = _tokens.Take().Text;
        }

        if (!_tokens.Broken)
        {
            if (!IsItemEnd())
            {
                FailAt(_tokens.Current, $"',' or FROM was expected, not {_tokens.Current}");
            }

            _query.Select.Add(new SelectItem(at, expression, alias));
        }
    }

    /// <summary><c>name = expression</c>; what goes on behind it is a comparison, which is then read as one.</summary>
    private bool ReadNamed(Position at)
    {
        if (!_tokens.Current.IsName || Keywords.IsReserved(_tokens.Current) || !_tokens.Next.IsSymbol("="))
        {
            return false;
        }

        var before = _tokens.Mark();
        var name = _tokens.Take().Text;
        _tokens.Take();
        var expression = _expressions.Read();
        if (!_tokens.Broken && !IsItemEnd())
        {
            _tokens.Reset(before);
            return false;
        }

        if (!_tokens.Broken)
        {
            _query.Select.Add(new SelectItem(at, expression, name));
        }

        return true;
    }

    private bool IsItemEnd() => _tokens.IsSymbol(",") || _tokens.IsWord("FROM") || _tokens.IsWord("INTO");

    private void ReadInto()
    {
        _query.IntoAt = _tokens.Current.At;
        if (_tokens.TakeWord("INTO"))
        {
            _query.IntoNameAt = _tokens.Current.At;
            _query.Into = _sources.ReadDottedName("an output's name");
            _tokens.Recover(stopAtComma: false);
        }
    }

    private void ReadFrom()
    {
        _tokens.ExpectWord("FROM");
        if (_tokens.IsSymbol("("))
        {
            Abandon("a query inside FROM is not supported yet: make it a stage of its own");
            return;
        }

        _query.SourceAt = _tokens.Current.At;
        (_query.Source, _query.Alias) = _sources.ReadSource();
        _sources.ReadPartition();
        ReadApplies();
        FailIfNotYet();
        if (_tokens.IsSymbol(","))
        {
            Abandon("a second source is read by JOIN … ON, with a bound on the time between both");
        }

        _tokens.Recover(stopAtComma: false);
    }

    private void ReadTimestamp()
    {
        _query.TimestampAt = _tokens.Current.At;
        if (_tokens.TakeWord("TIMESTAMP"))
        {
            _tokens.ExpectWord("BY");
            _query.Timestamp = _expressions.Read();
            if (_tokens.IsWord("OVER"))
            {
                _tokens.Fail("TIMESTAMP BY … OVER is not supported yet: all events of a stream have one timeline; the "
                    + "stage's 'lateness' keeps windows open for those that are behind");
            }

            if (_query.Applies.Count > 0)
            {
                _tokens.Fail(_query.TimestampAt, "TIMESTAMP BY belongs before CROSS APPLY: it is the event's time");
            }

            _sources.ReadPartition();
            ReadApplies();
            FailIfNotYet();
            _tokens.Recover(stopAtComma: false);
        }
    }

    private void ReadJoins()
    {
        while (!_tokens.Broken && _sources.TakeJoin() is { } begun)
        {
            if (_query.Applies.Count > 0)
            {
                _tokens.Report(begun.At, BesideApply);
            }

            if (_query.Join is not null)
            {
                _tokens.Report(begun.At, "a second JOIN in one FROM: make the first one a step of WITH, and join that");
            }

            var join = _sources.ReadJoin(begun);
            _query.Join ??= join;
            if ((_tokens.IsWord("CROSS") || _tokens.IsWord("OUTER")) && _tokens.Next.IsWord("APPLY"))
            {
                _tokens.Fail(BesideApply);
            }

            FailIfNotYet();
            _tokens.Recover(stopAtComma: false);
        }
    }

    /// <summary><c>{CROSS | OUTER} APPLY call AS name</c>, any number of them.</summary>
    private void ReadApplies()
    {
        while ((_tokens.IsWord("CROSS") || _tokens.IsWord("OUTER")) && _tokens.Next.IsWord("APPLY"))
        {
            var first = _tokens.Take();
            _tokens.Take();
            var call = _expressions.Read();
            _tokens.TakeWord("AS");
            if (_sources.ReadName("AS and a name for the elements") is { } name)
            {
                _query.Applies.Add(new ApplySyntax(first.At, first.IsWord("OUTER"), call, name));
            }
        }
    }

    private void ReadWhere()
    {
        if (_tokens.TakeWord("WHERE"))
        {
            _query.Where = _expressions.Read();
            _tokens.Recover(stopAtComma: false);
        }
    }

    private void ReadGroupBy()
    {
        _query.GroupByAt = _tokens.Current.At;
        if (!_tokens.TakeWord("GROUP"))
        {
            return;
        }

        _tokens.ExpectWord("BY");
        _query.GroupBy = [];
        do
        {
            _query.GroupBy.Add(_expressions.Read());
            _tokens.Recover(stopAtComma: true);
        }
        while (_tokens.TakeSymbol(","));
    }

    private void ReadHaving()
    {
        if (_tokens.TakeWord("HAVING"))
        {
            _query.Having = _expressions.Read();
            _tokens.Recover(stopAtComma: false);
        }
    }

    private void FailIfNotYet()
    {
        if (_tokens.Broken)
        {
            return;
        }

        if (_tokens.Next.IsWord("APPLY") && (_tokens.IsWord("CROSS") || _tokens.IsWord("OUTER")))
        {
            Abandon("APPLY belongs behind FROM or TIMESTAMP BY, before WHERE");
        }
        else if (NotYetMessage(_tokens.Current) is { } message)
        {
            Abandon(message);
        }
    }

    /// <summary>Reports what makes the rest unreadable; what was read of the query is not worth checking.</summary>
    private void Abandon(string message)
    {
        _query.IsCut = true;
        _tokens.Abandon(_tokens.Current.At, message);
    }

    private void FailAt(Token token, string message)
    {
        FailIfNotYet();
        if (_tokens.Current.At == token.At)
        {
            _tokens.Fail(token.At, message);
        }
    }

    private static string? NotYetMessage(Token token) => Array.Find(NotYet, n => token.IsWord(n.Word)).Message;
}
