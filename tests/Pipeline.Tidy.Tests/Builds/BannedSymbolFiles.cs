using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pipeline.Tidy.Tests.Builds;

/// <summary>The lists under eng/: a line that names no real symbol would be ignored without a word.</summary>
public sealed class BannedSymbolFiles
{
    private static readonly CSharpCompilation Platform = CSharpCompilation.Create("platform", null,
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)));

    [Theory]
    [InlineData("eng/BannedSymbols.txt")]
    [InlineData("eng/BannedSymbols.Kernel.txt")]
    [InlineData("eng/BannedSymbols.Loops.txt")]
    public void Every_line_names_a_real_symbol_and_what_to_use_instead(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, file))
            .Where(line => !line.StartsWith("//", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            var parts = line.Split(';', 2);
            Assert.True(parts.Length == 2 && parts[1].Trim().Length > 5, $"no replacement in: {line}");
            Assert.NotNull(DocumentationCommentId.GetFirstSymbolForDeclarationId(parts[0], Platform));
        });
    }
}
