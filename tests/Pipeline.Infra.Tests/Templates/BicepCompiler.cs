using System.Diagnostics;
using System.Reflection;

namespace Pipeline.Infra.Tests.Templates;

/// <summary>
/// Bicep's own compiler, on a copy of infra/: what it says of a template, the ARM template it makes, and what a
/// deployment of that with given parameters would make, without Azure.
/// </summary>
internal static class BicepCompiler
{
    private static readonly string[] Place =
    [
        "--mode", "overwrite", "--deployment-name", "check", "--location", "westeurope",
        "--subscription-id", "00000000-0000-0000-0000-000000000001",
        "--tenant-id", "00000000-0000-0000-0000-000000000002",
    ];

    private static readonly Lazy<string> Copy = new(CopyTemplates);

    private static int _files;

    /// <summary>The ARM template made of a file under infra/, and all that was said about it.</summary>
    public static (string Json, IReadOnlyList<string> Said) Build(string path)
    {
        var (_, json, said) = Run("build", Path.Combine(Copy.Value, path), "--stdout");
        return (json, said);
    }

    /// <summary>The same of a broken example, as if it lay in infra/.</summary>
    public static IReadOnlyList<string> SaidOf(string example)
    {
        var path = Path.Combine(Copy.Value, "infra", example);
        File.Copy(Repository.At($"tests/Pipeline.Infra.Tests/Broken/{example}"), path, overwrite: true);
        return Run("build", path, "--stdout").Said;
    }

    /// <summary>What a deployment would make: resources, loops and conditions carried out, and outputs.</summary>
    /// <param name="template">A file under infra/.</param>
    /// <param name="parameters">By name, as Bicep writes them.</param>
    public static string Predict(string template, IEnumerable<(string Name, string Value)> parameters)
    {
        var name = $"check-{Interlocked.Increment(ref _files)}";
        var file = Path.Combine(Copy.Value, Path.GetDirectoryName(template)!, name);
        File.WriteAllLines(
            $"{file}.bicepparam",
            parameters.Select(p => $"param {p.Name} = {p.Value}").Prepend($"using './{Path.GetFileName(template)}'"));
        var isOfGroup = !Repository.Read(template).Contains("targetScope = 'subscription'", StringComparison.Ordinal);
        string[] group = isOfGroup ? ["--resource-group", "rg-check"] : [];
        var (exitCode, _, said) = Run(["snapshot", $"{file}.bicepparam", .. Place, .. group]);
        Assert.True(exitCode == 0, string.Join('\n', said));
        return File.ReadAllText($"{file}.snapshot.json");
    }

    private static string CopyTemplates()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Bicep's compiler for Linux: dotnet run test.cs on Linux");
        var copy = Directory.CreateTempSubdirectory("pipeline-bicep-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(copy, recursive: true);
        foreach (var path in Repository.Files("infra", ""))
        {
            var target = Path.Combine(copy, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Repository.At(path), target);
        }

        return copy;
    }

    private static (int ExitCode, string Output, IReadOnlyList<string> Said) Run(params string[] arguments)
    {
        var program = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "BicepCompiler").Value!;
        if (OperatingSystem.IsLinux())
        {
            // A package does not say what may be executed.
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, said.GetAwaiter().GetResult()
            .Replace(Copy.Value + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
