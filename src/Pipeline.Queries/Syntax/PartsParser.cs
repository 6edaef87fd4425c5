using Pipeline.Queries.Compilation;

namespace Pipeline.Queries.Syntax;

/// <summary>
/// Finds the queries of a text: <c>WITH a AS (…), b AS (…) SELECT … INTO x … SELECT … INTO y …</c>, each perhaps a
/// UNION. What they mean is for others to check, one by one.
/// </summary>
internal sealed class PartsParser(TokenReader tokens)
{
    private readonly List<QueryPart> _parts = [];
    private bool _isCut;

    public IReadOnlyList<QueryPart> Read()
    {
        if (tokens.TakeWord("WITH"))
        {
            do
            {
                ReadStep();
            }
            while (!_isCut && tokens.TakeSymbol(","));
        }

        while (!_isCut && (_parts.TrueForAll(part => part.Step is not null) || IsSelect()))
        {
            ReadQuery();
            while (tokens.TakeSymbol(";"))
            {
            }
        }

        if (tokens.IsWord("WITH"))
        {
            tokens.Fail("a second WITH: all steps stand in front of the first SELECT");
        }
        else if (!_isCut)
        {
            new QueryParser(tokens).ReadEnd();
        }

        return _parts;
    }

    private bool IsSelect() => tokens.IsWord("SELECT") || tokens.IsSymbol("(");

    private void ReadStep()
    {
        var name = tokens.ReadStepName();
        List<QuerySyntax> selects = [];
        List<QueryBranch> branches = [];
        ReadUnion(selects, branches);
        if (!_isCut)
        {
            tokens.ExpectSymbol(")");
            tokens.Recover(stopAtComma: true);
        }

        if (_parts.Exists(part => name.Text.Equals(part.Step, StringComparison.OrdinalIgnoreCase)))
        {
            tokens.Report(name.At, $"a second step '{name.Text}'");
        }

        foreach (var select in selects.Where(select => select.Into is not null))
        {
            tokens.Report(select.IntoAt, "INTO belongs to the SELECTs behind the steps: a step is no output");
        }

        _parts.Add(new QueryPart(name.Text, null, name.At.Line, name.At.Column, branches));
    }

    private void ReadQuery()
    {
        var at = tokens.Current.At;
        List<QuerySyntax> selects = [];
        List<QueryBranch> branches = [];
        ReadUnion(selects, branches);
        foreach (var select in selects.Skip(1).Where(select => select.Into is not null))
        {
            tokens.Report(select.IntoAt, "INTO belongs to the first SELECT of a UNION: all of it is one output");
        }

        var into = selects[0].Into;
        at = into is null ? at : selects[0].IntoNameAt;
        _parts.Add(new QueryPart(null, into, at.Line, at.Column, branches));
    }

    /// <summary><c>SELECT … [UNION [ALL] SELECT …]…</c>, each perhaps in brackets.</summary>
    private void ReadUnion(List<QuerySyntax> selects, List<QueryBranch> branches)
    {
        do
        {
            var isNested = tokens.TakeSymbol("(");
            var start = tokens.Current.End - tokens.Current.Text.Length;
            var select = tokens.Current.Kind == TokenKind.End ? Missing() : new QueryParser(tokens).Read();
            selects.Add(select);
            branches.Add(new QueryBranch(
                start,
                Math.Max(start, tokens.Before.End),
                select.Source,
                select.Join?.Source,
                select.GroupBy is not null));
            _isCut |= select.IsCut;
            if (isNested && !_isCut)
            {
                tokens.ExpectSymbol(")");
                tokens.Recover(stopAtComma: false);
            }
        }
        while (!_isCut && TakeUnion());
    }

    private QuerySyntax Missing()
    {
        tokens.Abandon(tokens.Current.At, $"SELECT was expected, not {tokens.Current}");
        return new QuerySyntax { IsCut = true };
    }

    private bool TakeUnion()
    {
        if (!tokens.TakeWord("UNION"))
        {
            return false;
        }

        tokens.TakeWord("ALL");
        return true;
    }
}
