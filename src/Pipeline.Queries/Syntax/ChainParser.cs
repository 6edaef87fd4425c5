namespace Pipeline.Queries.Syntax;

/// <summary>Reads <c>WITH a AS (SELECT …), b AS (SELECT …) SELECT …</c>, or a SELECT alone.</summary>
internal sealed class ChainParser(TokenReader tokens)
{
    /// <summary>The steps in the order of the text; only the last has no name.</summary>
    public IReadOnlyList<QuerySyntax> Read()
    {
        var steps = new List<QuerySyntax>();
        if (tokens.TakeWord("WITH"))
        {
            do
            {
                steps.Add(ReadStep());
                if (steps[^1].IsCut)
                {
                    return steps;
                }
            }
            while (tokens.TakeSymbol(","));
        }

        var parser = new QueryParser(tokens);
        steps.Add(parser.Read());
        parser.ReadEnd();
        return steps;
    }

    private QuerySyntax ReadStep()
    {
        var name = tokens.ReadStepName();
        var step = new QueryParser(tokens).Read();
        step.Name = name.Text;
        step.NameAt = name.At;
        if (!step.IsCut)
        {
            tokens.ExpectSymbol(")");
            tokens.Recover(stopAtComma: true);
        }

        return step;
    }
}
