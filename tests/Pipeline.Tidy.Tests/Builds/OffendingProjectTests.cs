using System.Text.RegularExpressions;

namespace Pipeline.Tidy.Tests.Builds;

/// <summary>What the build must refuse, it refuses.</summary>
public sealed partial class OffendingProjectTests
{
    [Fact]
    public void A_forbidden_reference_fails_the_build_and_names_the_rule()
    {
        using var tree = new Sandbox();
        tree.Project("src/Pipeline.Runtime/Pipeline.Runtime.csproj", "");
        tree.Write("src/Pipeline.Runtime/C.cs", "namespace Pipeline.Runtime;\n\npublic sealed class C;\n");
        tree.Project("src/Pipeline.Kernel/Pipeline.Kernel.csproj", "", "../Pipeline.Runtime/Pipeline.Runtime.csproj");
        tree.Write("src/Pipeline.Kernel/D.cs", "namespace Pipeline.Kernel;\n\npublic sealed class D;\n");
        var (exitCode, output) = tree.Build("src/Pipeline.Kernel");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("error PIPE001: Pipeline.Kernel may not reference Pipeline.Runtime", output);
    }

    [Fact]
    public void Banned_calls_fail_the_build_of_the_kernel()
    {
        using var tree = new Sandbox();
        tree.Project("src/Pipeline.Kernel/Pipeline.Kernel.csproj", "");
        tree.Write("src/Pipeline.Kernel/C.cs", """
            namespace Pipeline.Kernel;

            public static class C
            {
                public static object A() => Task.CompletedTask;

                public static object B() => DateTime.UtcNow;

                public static object D() => Guid.NewGuid();

                public static object E() => new System.Collections.Concurrent.ConcurrentQueue<int>();

                public static object F() => "x".GetHashCode(StringComparison.Ordinal);

                public static object G() => System.Buffers.ArrayPool<byte>.Shared;
            }

            """);
        Assert.Equal([5, 7, 9, 11, 13, 15], Banned(tree.Build("src/Pipeline.Kernel")));
    }

    [Fact]
    public void Banned_calls_fail_the_build_of_the_runtime_and_what_is_allowed_there_does_not()
    {
        using var tree = new Sandbox();
        tree.Project("src/Pipeline.Runtime/Pipeline.Runtime.csproj", "");
        tree.Write("src/Pipeline.Runtime/C.cs", """
            namespace Pipeline.Runtime;

            public static class C
            {
                public static async Task A(Task task, TimeProvider time)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), time);
                    await task.ConfigureAwait(false);
                    await Task.Run(() => { });
                    await Task.WhenAll(task, task);
                    await Task.Delay(1);
                    await File.ReadAllBytesAsync("x");
                    using var timer = new Timer(_ => { });
                }
            }

            """);
        Assert.Equal([8, 9, 10, 11, 12, 13], Banned(tree.Build("src/Pipeline.Runtime")));
    }

    [Fact]
    public void A_version_that_the_registry_lacks_fails_the_build_though_it_has_the_next_one()
    {
        using var tree = new Sandbox();
        tree.Package("registry", "Pipeline.Example", "1.0.1");
        tree.Project("tests/A/A.csproj", "", [], """
            <PackageReference Include="Pipeline.Example" VersionOverride="1.0.0" />
            """);
        tree.Write("tests/A/C.cs", "namespace A;\n\npublic sealed class C;\n");
        var (exitCode, output) = tree.Build("tests/A");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("error NU1603", output);
    }

    private static int[] Banned((int ExitCode, string Output) build)
    {
        Assert.NotEqual(0, build.ExitCode);
        return [.. BannedLine().Matches(build.Output)
            .Select(match => int.Parse(match.Groups[1].Value, null)).Distinct().Order()];
    }

    [GeneratedRegex(@"C\.cs\((\d+),\d+\): error RS0030", RegexOptions.CultureInvariant)]
    private static partial Regex BannedLine();
}
