using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.Tidy.Tests.Rules;

/// <summary>No folder, and so no namespace, is named as a type that lies in it.</summary>
public sealed class FolderNamedAsType : ITidyRule
{
    public IEnumerable<Finding> Check(SourceFile file)
    {
        if (!file.IsCSharp || !file.Path.Contains('/'))
        {
            return [];
        }

        var folder = file.Path.Split('/')[^2];
        return file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            .Where(type => type.Identifier.Text == folder)
            .Select(type => new Finding(file.Path, 1, $"the type {folder} lies in a folder of its own name"));
    }
}
