namespace Pipeline.Definitions;

/// <summary>A query as the definition holds it, with the way back to the places in the file.</summary>
/// <param name="Text">The query.</param>
/// <param name="Position">Where it begins in the file.</param>
/// <param name="Source">The file's text from there on.</param>
/// <param name="IsEscaped">Whether the file writes it in double quotes, with backslash escapes.</param>
public sealed record QueryText(string Text, TextPosition Position, string Source, bool IsEscaped)
{
    /// <summary>Where the source begins in the file.</summary>
    private TextPosition Start { get; init; } = Position;

    /// <summary>How many characters of the source, white space left out, stand before the query.</summary>
    private int Before { get; init; }

    /// <summary>What lies between two indexes, as a query with the same way back.</summary>
    public QueryText Part(int start, int end)
    {
        var before = Text[..start].Count(static c => !char.IsWhiteSpace(c));
        var part = this with { Text = Text[start..end], Before = Before + before };
        return part with { Position = part.InFile(1, 1) };
    }

    /// <summary>
    /// The place in the file of a place in the query. YAML folds and indents only by white space, so the n-th other
    /// character of the query is the n-th other character of the source.
    /// </summary>
    public TextPosition InFile(int line, int column)
    {
        var ink = Before + InkBefore(line, column);
        var (at, fileLine, fileColumn) = (0, Start.Line, Start.Column);
        while (at < Source.Length)
        {
            var (length, isInk) = Next(at);
            if (isInk && ink-- == 0)
            {
                break;
            }

            for (var end = at + length; at < end; at++)
            {
                (fileLine, fileColumn) = Source[at] == '\n' ? (fileLine + 1, 1) : (fileLine, fileColumn + 1);
            }
        }

        return new TextPosition(fileLine, fileColumn);
    }

    private int InkBefore(int line, int column)
    {
        var (ink, atLine, atColumn) = (0, 1, 1);
        foreach (var c in Text)
        {
            if (atLine > line || (atLine == line && atColumn >= column))
            {
                break;
            }

            ink += char.IsWhiteSpace(c) ? 0 : 1;
            (atLine, atColumn) = c == '\n' ? (atLine + 1, 1) : (atLine, atColumn + 1);
        }

        return ink;
    }

    private (int Length, bool IsInk) Next(int at)
    {
        if (!IsEscaped || Source[at] != '\\' || at + 1 == Source.Length)
        {
            return (1, !char.IsWhiteSpace(Source[at]));
        }

        return Source[at + 1] switch
        {
            'n' or 't' or 'r' or '\n' or ' ' => (2, false),
            'u' => (Math.Min(6, Source.Length - at), true),
            _ => (2, true),
        };
    }
}
