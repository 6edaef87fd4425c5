using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pipeline.Tidy.Tests.Rooms;

/// <summary>
/// All of src in one compilation, bound without its packages: the names of the product's own types suffice.
/// </summary>
public static class Product
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly Lazy<CSharpCompilation> Compiled = new(Compile);

    public static CSharpCompilation Compilation => Compiled.Value;

    /// <summary>The projects' folders, as src/Pipeline.Kernel.</summary>
    public static IReadOnlyList<string> Projects { get; } = [.. Repository.Files
        .Where(static file => file is { IsCSharp: true, IsProduct: true })
        .Select(static file => string.Join('/', file.Path.Split('/')[..2])).Distinct().Order(StringComparer.Ordinal)];

    private static CSharpCompilation Compile() => CSharpCompilation.Create(
        "product",
        Repository.Files.Where(static file => file is { IsCSharp: true, IsProduct: true })
            .Select(static file => CSharpSyntaxTree.ParseText(file.Text, path: file.Path))
            .Append(CSharpSyntaxTree.ParseText(Usings)),
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
}
