namespace Pipeline.Queries.Syntax;

/// <summary>The words that cannot be names; in brackets or double quotes every word can.</summary>
internal static class Keywords
{
    private static readonly HashSet<string> Reserved = new(
        ["SELECT", "INTO", "FROM", "WHERE", "GROUP", "HAVING", "AS", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT",
            "IN", "IS", "BETWEEN", "LIKE"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Following = new(
        ["TIMESTAMP", "UNION", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "OUTER", "MATCH_RECOGNIZE", "ON",
            "OVER", "PARTITION", "ORDER", "LIMIT", "BY", "WITH"],
        StringComparer.OrdinalIgnoreCase);

    public static bool IsReserved(Token token) => token.Kind == TokenKind.Word && Reserved.Contains(token.Text);

    /// <summary>
    /// Whether the word, right behind an expression or a source, goes on with the query and is no alias without AS.
    /// </summary>
    public static bool EndsItem(Token token) =>
        token.Kind == TokenKind.Word && (Reserved.Contains(token.Text) || Following.Contains(token.Text));
}
