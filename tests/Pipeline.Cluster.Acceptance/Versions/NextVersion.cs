using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance.Versions;

/// <summary>
/// Silo and front as a next version might be: every message on the wire has one more optional field, under the next
/// number, and every grain one more method. Built from the sources as they are, beside this build.
/// </summary>
internal sealed record NextVersion(string Silo, string Ingest)
{
    private const string Grains = "Pipeline.Grains";
    private const string Version = "0.2.0";

    public static async Task<NextVersion> BuildAsync()
    {
        var folder = Path.Combine(Built.Root, "artifacts", "next-version");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var sources = Path.Combine(folder, "src");
        var changed = 0;
        foreach (var path in Directory.EnumerateFiles(
            Path.Combine(Built.Root, "src", Grains), "*.cs", SearchOption.AllDirectories))
        {
            var to = Path.Combine(sources, Path.GetRelativePath(Path.Combine(Built.Root, "src", Grains), path));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            var text = await File.ReadAllTextAsync(path);
            var next = ChangeWire(text);
            changed += text == next ? 0 : 1;
            await File.WriteAllTextAsync(to, next);
        }

        Assert.True(changed > 3, $"only {changed} files have something on the wire");
        var project = Path.Combine(sources, $"{Grains}.csproj");
        await File.WriteAllTextAsync(project, Project());
        var output = Path.Combine(folder, "out");
        await Command.MustRunAsync(
            "dotnet", "build", project, "-c", "Release", "-nologo", "-v", "q", "-nodeReuse:false",
            $"-p:Version={Version}", $"-p:ArtifactsPath={output}", "-p:RunAnalyzers=false");
        var library = Directory.GetFiles(Path.Combine(output, "bin"), $"{Grains}.dll", SearchOption.AllDirectories)[0];
        Assert.Equal(Version, AssemblyName.GetAssemblyName(library).Version?.ToString(3));
        return new NextVersion(Replace(Built.Silo, library, folder), Replace(Built.Ingest, library, folder));
    }

    /// <summary>A program with another library, in a folder of its own.</summary>
    private static string Replace(string program, string library, string folder)
    {
        var from = Path.GetDirectoryName(program)!;
        var to = Path.Combine(folder, Path.GetFileName(program));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.Copy(library, Path.Combine(to, $"{Grains}.dll"), overwrite: true);
        return Path.Combine(to, Path.GetFileName(program));
    }

    private static string ChangeWire(string text)
    {
        var types = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
            .OrderByDescending(static type => type.SpanStart);
        foreach (var type in types)
        {
            var member = type switch
            {
                RecordDeclarationSyntax record when Has(record, "GenerateSerializer") =>
                    $"[Id({NextId(record)})] public string? Added {{ get; init; }} = \"of the next version\";",
                InterfaceDeclarationSyntax grain when Has(grain, "Alias") =>
                    "[Alias(\"added\")] Task<string> AddedAsync() => Task.FromResult(\"of the next version\");",
                _ => null,
            };
            text = member is null ? text
                : type.CloseBraceToken.SpanStart > 0 ? text.Insert(type.CloseBraceToken.SpanStart, member)
                : text.Remove(type.SemicolonToken.SpanStart, 1).Insert(type.SemicolonToken.SpanStart, $"{{{member}}}");
        }

        return text;
    }

    private static bool Has(TypeDeclarationSyntax type, string attribute) => type.AttributeLists
        .SelectMany(static list => list.Attributes).Any(each => each.Name.ToString() == attribute);

    private static int NextId(RecordDeclarationSyntax type) => 1 + type.DescendantNodes().OfType<AttributeSyntax>()
        .Where(static attribute => attribute.Name.ToString() == "Id")
        .Max(static attribute => int.Parse(
            attribute.ArgumentList!.Arguments[0].ToString(), CultureInfo.InvariantCulture));

    private static string Project()
    {
        var built = Path.GetDirectoryName(Built.Silo)!;
        var lines = File.ReadAllLines(Path.Combine(Built.Root, "src", Grains, $"{Grains}.csproj"));
        var packages = lines.Where(static line => line.Contains("<PackageReference ", StringComparison.Ordinal));
        var layers = lines.Where(static line => line.Contains("<ProjectReference ", StringComparison.Ordinal))
            .Select(static line => Path.GetFileNameWithoutExtension(line.Split('"')[1]));
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                {string.Concat(packages)}
                {string.Concat(layers.Select(
                    layer => $"<Reference Include=\"{Path.Combine(built, $"{layer}.dll")}\" />"))}
              </ItemGroup>
            </Project>
            """;
    }
}
