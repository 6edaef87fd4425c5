using Pipeline.Queries.Json;

namespace Pipeline.Queries.Syntax;

/// <summary>A column or a path into one; also a bare word such as the unit of a window.</summary>
internal sealed record PathSyntax(Position At, IReadOnlyList<JsonStep> Steps) : SyntaxNode(At)
{
    public override string ToString() => new JsonPath(Steps).ToString();
}
