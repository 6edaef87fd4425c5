namespace Pipeline.Queries.Syntax;

/// <summary><c>{CROSS | OUTER} APPLY call AS name</c></summary>
internal sealed record ApplySyntax(Position At, bool IsOuter, SyntaxNode Call, string Name);
