namespace Pipeline.Queries.Syntax;

/// <summary>One token; <see cref="Text"/> is without quotes.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, Position At, int End)
{
    public bool IsName => Kind is TokenKind.Word or TokenKind.QuotedName;

    public bool IsWord(string word) => Kind == TokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    /// <summary>How messages show it.</summary>
    public override string ToString() => Kind == TokenKind.End ? "the end of the query" : $"'{Text}'";
}
