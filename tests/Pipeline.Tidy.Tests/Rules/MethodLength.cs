using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.Tidy.Tests.Rules;

/// <summary>No method, constructor, accessor or local function is longer than one screen: 60 lines.</summary>
public sealed class MethodLength : ITidyRule
{
    public const int Max = 60;

    public IEnumerable<Finding> Check(SourceFile file) => !file.IsCSharp ? [] :
        from node in file.Syntax.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
        let span = node.SyntaxTree.GetLineSpan(node.Span)
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > Max
        select new Finding(file.Path, span.StartLinePosition.Line + 1, $"a method of {lines} lines, at most {Max}");
}
