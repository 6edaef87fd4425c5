using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>
/// apphost.cs, which cannot be compiled without the packages of Aspire: it is C#, its resources have names of their
/// own, its projects are there, and each host gets what it reads (by the local functions named Add{Host}).
/// </summary>
internal sealed class AppHost
{
    /// <summary>What a host cannot start without; the rest has a value in its appsettings.json.</summary>
    private static readonly Dictionary<string, string[]> Needed = new()
    {
        ["migrate"] = ["Orleans__Clustering__ConnectionString"],
        ["silo"] =
        [
            "Pipeline__Urls", "Pipeline__Store__*", "Orleans__Clustering__ConnectionString",
            "Orleans__Endpoints__AdvertisedIPAddress", "Orleans__Endpoints__SiloPort",
            "Orleans__Endpoints__GatewayPort",
        ],
        ["ingest"] = ["Pipeline__Urls", "Orleans__Clustering__ConnectionString"],
    };

    private static readonly string[] Naming =
    [
        "AddPostgres", "AddDatabase", "AddAzureStorage", "AddBlobs", "AddProject", "AddSilo", "AddIngest", "AddMigrate",
    ];

    private readonly SyntaxTree _tree;

    public AppHost(string text)
    {
        var options = CSharpParseOptions.Default.WithFeatures([new("FileBasedProgram", "true")]);
        _tree = CSharpSyntaxTree.ParseText(text, options);
    }

    public IEnumerable<string> Check(Func<string, bool> exists)
    {
        foreach (var error in _tree.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error))
        {
            yield return $"apphost.cs: {error}";
        }

        var root = _tree.GetRoot();
        foreach (var twice in Calls(root).Where(call => Naming.Contains(NameOf(call))).Select(First)
            .OfType<string>().GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return $"apphost.cs: two resources are named {twice.Key}";
        }

        foreach (var project in root.DescendantNodes().OfType<LiteralExpressionSyntax>()
            .Select(literal => literal.Token.ValueText)
            .Where(text => text.EndsWith(".csproj", StringComparison.Ordinal) && !exists(text)))
        {
            yield return $"apphost.cs: {project} is not there";
        }

        foreach (var problem in Needed.Keys.SelectMany(host => Host(root, host)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Host(SyntaxNode root, string host)
    {
        var function = root.DescendantNodes().OfType<LocalFunctionStatementSyntax>()
            .FirstOrDefault(f => f.Identifier.Text.Equals($"Add{host}", StringComparison.OrdinalIgnoreCase));
        if (function is null)
        {
            yield return $"apphost.cs: no function adds {host}";
            yield break;
        }

        var binding = Checks.Hosts[host];
        var given = Calls(function).Where(call => NameOf(call) == "WithEnvironment").Select(First).OfType<string>()
            .ToList();
        foreach (var name in given.Where(name => !binding.Knows(name)))
        {
            yield return $"apphost.cs: {name} is nothing that {host} reads";
        }

        foreach (var name in Needed[host].Except(given))
        {
            yield return $"apphost.cs: {host} needs {name}";
        }

        foreach (var probe in Calls(function).Where(call => NameOf(call) == "WithHttpHealthCheck").Select(First)
            .Where(probe => !binding.Probes.Contains(probe)))
        {
            yield return $"apphost.cs: {host} does not answer {probe}";
        }

        if (!function.ToString().Contains($"\"{binding.Project}\"", StringComparison.Ordinal))
        {
            yield return $"apphost.cs: {host} is not {binding.Project}";
        }
    }

    private static IEnumerable<InvocationExpressionSyntax> Calls(SyntaxNode node) =>
        node.DescendantNodes().OfType<InvocationExpressionSyntax>();

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        IdentifierNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    /// <summary>The first argument where it is a text; what is filled in becomes a star.</summary>
    private static string? First(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.FirstOrDefault()?.Expression switch
        {
            LiteralExpressionSyntax literal => literal.Token.ValueText,
            InterpolatedStringExpressionSyntax text => string.Concat(text.Contents.Select(part =>
                part is InterpolatedStringTextSyntax plain ? plain.TextToken.ValueText : "*")),
            _ => null,
        };
}
