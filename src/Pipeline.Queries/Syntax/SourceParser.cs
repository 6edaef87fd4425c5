namespace Pipeline.Queries.Syntax;

/// <summary>Reads what FROM and JOIN name.</summary>
internal sealed class SourceParser(TokenReader tokens, ExpressionParser expressions)
{
    /// <summary>The name after FROM or JOIN, and what the query calls it.</summary>
    public (string? Source, string? Alias) ReadSource()
    {
        var source = ReadDottedName("a stream's or stage's name");
        if (tokens.TakeWord("AS"))
        {
            return (source, ReadName("a name"));
        }

        return !tokens.Broken && tokens.Current.IsName && !Keywords.EndsItem(tokens.Current)
            ? (source, tokens.Take().Text)
            : (source, null);
    }

    /// <summary><c>PARTITION BY k [INTO n]</c> says how far work may be spread; here the keys say it.</summary>
    public void ReadPartition()
    {
        if (!tokens.IsWord("PARTITION") || !tokens.Next.IsWord("BY"))
        {
            return;
        }

        tokens.Take();
        do
        {
            tokens.Take();
            expressions.Read();
        }
        while (tokens.IsSymbol(","));

        if (tokens.TakeWord("INTO"))
        {
            var count = tokens.Current;
            if (count.Kind != TokenKind.Number || !int.TryParse(count.Text, out _))
            {
                tokens.Fail($"a number of partitions was expected, not {count}");
            }

            tokens.Take();
        }
    }

    /// <summary>Takes the words of a JOIN; null where none stands here.</summary>
    public JoinSyntax? TakeJoin()
    {
        var at = tokens.Current.At;
        var isLeft = tokens.TakeWord("LEFT");
        var isNamed = isLeft ? tokens.TakeWord("OUTER") || isLeft : tokens.TakeWord("INNER");
        if (tokens.TakeWord("JOIN"))
        {
            return new JoinSyntax(at, isLeft);
        }

        if (isNamed)
        {
            tokens.Fail($"JOIN was expected, not {tokens.Current}");
        }

        return null;
    }

    /// <summary>What stands behind the words of a JOIN.</summary>
    public JoinSyntax ReadJoin(JoinSyntax begun)
    {
        var at = tokens.Current.At;
        var (source, alias) = ReadSource();
        ReadPartition();
        SyntaxNode? timestamp = null;
        if (tokens.TakeWord("TIMESTAMP"))
        {
            tokens.ExpectWord("BY");
            timestamp = expressions.Read();
            ReadPartition();
        }

        tokens.ExpectWord("ON");
        return begun with
        {
            Source = source,
            SourceAt = at,
            Alias = alias,
            Timestamp = timestamp,
            On = tokens.Broken ? null : expressions.Read(),
        };
    }

    public string? ReadDottedName(string what)
    {
        var name = ReadName(what);
        while (name is not null && tokens.TakeSymbol("."))
        {
            name = ReadName(what) is { } more ? $"{name}.{more}" : null;
        }

        return name;
    }

    public string? ReadName(string what)
    {
        if (tokens.Current.IsName && !Keywords.IsReserved(tokens.Current))
        {
            return tokens.Broken ? null : tokens.Take().Text;
        }

        tokens.Fail($"{what} was expected, not {tokens.Current}");
        return null;
    }
}
