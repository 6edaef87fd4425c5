using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>An expression as one text in which only what matters is left: equal texts mean the same.</summary>
internal static class SyntaxText
{
    public static string Of(SyntaxNode node, FieldScope fields) => node switch
    {
        LiteralSyntax literal => literal.Kind switch
        {
            LiteralKind.Text => $"'{literal.Text.Replace("'", "''", StringComparison.Ordinal)}'",
            LiteralKind.Number => literal.Text,
            _ => literal.Kind.ToString(),
        },
        _ when SystemNames.IsTimestamp(node) => "<System.Timestamp>",
        PathSyntax path => fields.IsEvent(path) ? "<*>" : $"<{fields.Find(path, out _)}>",
        MemberSyntax member => $"{Of(member.Of, fields)}.[{member.Name}]",
        CallSyntax call => $"{call.Name.ToUpperInvariant()}({(call.Distinct ? "DISTINCT " : "")}"
            + $"{(call.Star ? "*" : "")}{List(call.Arguments, fields)})"
            + string.Concat(call.Order.Select(o => $" {(o.Descending ? "DESC" : "ASC")} {Of(o.Expression, fields)}"))
            + (call.Over is { } over ? Of(over, fields) : ""),
        UnarySyntax unary => $"({unary.Operator} {Of(unary.Operand, fields)})",
        BinarySyntax binary => $"({Of(binary.Left, fields)} {binary.Operator} {Of(binary.Right, fields)})",
        CaseSyntax choice => $"CASE {(choice.Subject is null ? "" : Of(choice.Subject, fields))}"
            + string.Concat(choice.Branches.Select(b => $" WHEN {Of(b.When, fields)} THEN {Of(b.Then, fields)}"))
            + $" ELSE {(choice.Else is null ? "Null" : Of(choice.Else, fields))} END",
        CastSyntax cast => $"{(cast.Try ? "TRY_CAST" : "CAST")}"
            + $"({Of(cast.Operand, fields)} AS {cast.Type.ToUpperInvariant()})",
        InSyntax list => $"({Of(list.Operand, fields)} {(list.Not ? "NOT " : "")}IN ({List(list.Items, fields)}))",
        BetweenSyntax between => $"({Of(between.Operand, fields)} {(between.Not ? "NOT " : "")}BETWEEN "
            + $"{Of(between.Low, fields)} AND {Of(between.High, fields)})",
        LikeSyntax like => $"({Of(like.Operand, fields)} {(like.Not ? "NOT " : "")}LIKE {Of(like.Pattern, fields)})",
        IsNullSyntax isNull => $"({Of(isNull.Operand, fields)} IS {(isNull.Not ? "NOT " : "")}NULL)",
        _ => "",
    };

    private static string Of(OverSyntax over, FieldScope fields) => $" OVER ({List(over.PartitionBy, fields)} LIMIT "
        + $"{(over.Limit is null ? "" : Of(over.Limit, fields))} "
        + $"WHEN {(over.When is null ? "" : Of(over.When, fields))})";

    private static string List(IEnumerable<SyntaxNode> nodes, FieldScope fields) =>
        string.Join(", ", nodes.Select(node => Of(node, fields)));
}
