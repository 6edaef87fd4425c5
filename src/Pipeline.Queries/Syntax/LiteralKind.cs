namespace Pipeline.Queries.Syntax;

internal enum LiteralKind
{
    Null,
    True,
    False,
    Number,
    Text,
}
