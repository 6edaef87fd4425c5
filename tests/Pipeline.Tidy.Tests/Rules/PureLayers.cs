using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.Tidy.Tests.Rules;

/// <summary>
/// Kernel and Queries neither await nor lock. The banned symbols catch calls; this also catches what is only named:
/// a method that returns a task, a field that holds one.
/// </summary>
public sealed class PureLayers : ITidyRule
{
    private static readonly string[] Layers = ["src/Pipeline.Kernel/", "src/Pipeline.Queries/"];

    private static readonly string[] Names =
        ["Task", "ValueTask", "IAsyncEnumerable", "Thread", "CancellationToken", "TimeProvider", "Stream", "Random"];

    public IEnumerable<Finding> Check(SourceFile file) =>
        !file.IsCSharp || !Layers.Any(layer => file.Path.StartsWith(layer, StringComparison.Ordinal)) ? [] :
        from token in file.Syntax.DescendantTokens()
        where IsImpure(token)
        let line = token.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        select new Finding(file.Path, line, $"'{token.Text}' does not belong in a pure layer");

    private static bool IsImpure(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.AsyncKeyword or SyntaxKind.AwaitKeyword or SyntaxKind.LockKeyword => true,
        SyntaxKind.IdentifierToken =>
            token.Parent is SimpleNameSyntax name && Names.Contains(token.Text) && IsType(name),
        _ => false,
    };

    private static bool IsType(SimpleNameSyntax name) => name.Parent is
        MethodDeclarationSyntax or VariableDeclarationSyntax or ParameterSyntax or PropertyDeclarationSyntax
        or TypeArgumentListSyntax or NullableTypeSyntax or SimpleBaseTypeSyntax or ArrayTypeSyntax
        or ObjectCreationExpressionSyntax;
}
