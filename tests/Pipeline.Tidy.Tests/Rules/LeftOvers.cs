using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pipeline.Tidy.Tests.Rules;

/// <summary>No notes to self in comments, and no #region.</summary>
public sealed class LeftOvers : ITidyRule
{
    private static readonly string[] Notes = ["FIXME", "TODO", "HACK", "XXX"];

    public IEnumerable<Finding> Check(SourceFile file) => !file.IsCSharp ? [] :
        from trivia in file.Syntax.DescendantTrivia(descendIntoTrivia: false)
        let text = trivia.ToFullString()
        where trivia.IsKind(SyntaxKind.RegionDirectiveTrivia) || (IsComment(trivia) && Notes.Any(text.Contains))
        let line = trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        select new Finding(file.Path, line, $"finish or drop: {text.Trim()}");

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is
        SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
        or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia;
}
