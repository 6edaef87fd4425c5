using System.Diagnostics;
using System.Text.Json;

namespace Pipeline.Infra.Tests.Parsing;

/// <summary>
/// Parses Bicep with the grammar of tree-sitter-bicep, from npm, installed once into the repository's ignored folder
/// <c>.tools</c>. Its own compiler cannot be had as a package. Skips the test where there is no npm.
/// </summary>
internal static class BicepParser
{
    private const string Install = "npm install --ignore-scripts --no-audit --no-fund --prefix .tools/bicep "
        + "tree-sitter-bicep@1.1.0 web-tree-sitter@0.25.10";

    private static readonly Lock Gate = new();
    private static string? _missing;
    private static Dictionary<string, BicepFile>? _templates;

    /// <summary>The files of the repository, by path; not the broken examples.</summary>
    public static IReadOnlyDictionary<string, BicepFile> Templates()
    {
        lock (Gate)
        {
            return _templates ??= Parse(Repository.Files("infra", ".bicep"));
        }
    }

    /// <summary>A broken example.</summary>
    public static BicepFile Broken(string name)
    {
        var path = $"tests/Pipeline.Infra.Tests/Broken/{name}.bicep";
        lock (Gate)
        {
            return Parse([path])[path];
        }
    }

    private static Dictionary<string, BicepFile> Parse(IReadOnlyList<string> paths)
    {
        var modules = Repository.At(".tools/bicep/node_modules");
        if (!File.Exists(Path.Combine(modules, "web-tree-sitter", "package.json"))
            || !File.Exists(Path.Combine(modules, "tree-sitter-bicep", "tree-sitter-bicep.wasm")))
        {
            _missing ??= Run(Install.Split(' ')).Error;
        }

        Assert.SkipWhen(_missing is not null, $"needs the Bicep grammar ({_missing}): {Install}");
        var script = "tests/Pipeline.Infra.Tests/Parsing/parse.mjs";
        var (output, error) = Run(["node", script, modules, .. paths]);
        Assert.True(error is null, error);
        var trees = JsonSerializer.Deserialize<Dictionary<string, BicepNode>>(output, DeepTrees)!;
        return trees.ToDictionary(tree => tree.Key, tree => new BicepFile(tree.Key, tree.Value));
    }

    private static JsonSerializerOptions DeepTrees { get; } = new() { MaxDepth = 256 };

    private static (string Output, string? Error) Run(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (output, process.ExitCode == 0 ? null : $"{command[0]}: {errors.GetAwaiter().GetResult().Trim()}");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return ("", $"{command[0]}: {missing.Message}");
        }
    }
}
