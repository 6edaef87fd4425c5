using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.Tidy.Tests.Rules;

/// <summary>No folder, file or type has a name that says nothing: Utils, Helpers, Common, Misc, Managers.</summary>
public sealed class EmptyNames : ITidyRule
{
    private static readonly string[] Folders =
        ["Utils", "Utilities", "Helpers", "Common", "Misc", "Managers", "Services", "Core", "Shared"];

    private static readonly string[] Endings = ["Utils", "Util", "Utilities", "Helper", "Helpers", "Misc", "Manager"];

    public IEnumerable<Finding> Check(SourceFile file)
    {
        if (!file.IsCSharp)
        {
            return [];
        }

        var folders = file.Path.Split('/')[..^1]
            .SelectMany(folder => folder.Split('.'))
            .Where(part => Folders.Contains(part, StringComparer.OrdinalIgnoreCase));
        var types = file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            .Select(type => type.Identifier.Text)
            .Append(Path.GetFileNameWithoutExtension(file.Path))
            .Where(name => Endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)));
        return folders.Concat(types).Distinct()
            .Select(name => new Finding(file.Path, 1, $"'{name}' says nothing: name what it owns"));
    }
}
