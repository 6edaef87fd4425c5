namespace Pipeline.Definitions;

/// <summary>A query as the definition holds it, with the way back to the places in the file.</summary>
/// <param name="Text">The query.</param>
/// <param name="Position">Where it begins in the file.</param>
/// <param name="Source">The file's text from there on.</param>
/// <param name="IsEscaped">Whether the file writes it in double quotes, with backslash escapes.</param>
public sealed record QueryText(string Text, TextPosition Position, string Source, bool IsEscaped)
{
    /// <summary>
    /// The place in the file of a place in the query. YAML folds and indents only by white space, so the n-th other
    /// character of the query is the n-th other character of the source.
    /// </summary>
    public TextPosition InFile(int line, int column)
    {
        var ink = InkBefore(line, column);
        var (at, fileLine, fileColumn) = (0, Position.Line, Position.Column);
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
