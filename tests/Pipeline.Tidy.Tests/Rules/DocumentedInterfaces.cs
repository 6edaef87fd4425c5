using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.Tidy.Tests.Rules;

/// <summary>Every public interface of the product states its contract in a doc comment.</summary>
public sealed class DocumentedInterfaces : ITidyRule
{
    public IEnumerable<Finding> Check(SourceFile file) => !file.IsCSharp || !file.IsProduct ? [] :
        from type in file.Syntax.DescendantNodes().OfType<InterfaceDeclarationSyntax>()
        where type.Modifiers.Any(SyntaxKind.PublicKeyword)
        where !type.GetLeadingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia))
        let line = type.Identifier.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        select new Finding(file.Path, line, $"{type.Identifier.Text} says nothing about its contract");
}
