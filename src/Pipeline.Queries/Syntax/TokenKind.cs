namespace Pipeline.Queries.Syntax;

internal enum TokenKind
{
    End,

    /// <summary>A name or a keyword.</summary>
    Word,

    /// <summary>A name in brackets or double quotes; never a keyword.</summary>
    QuotedName,

    Text,
    Number,
    Symbol,
}
