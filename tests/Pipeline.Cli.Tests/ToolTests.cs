using Pipeline.TestKit.Machines;
using Xunit;

namespace Pipeline.Cli.Tests;

/// <summary>The command line as a .NET tool, as README installs it.</summary>
public sealed class ToolTests
{
    [Fact]
    public async Task It_is_packed_and_installed_and_runs()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-tool-");
        try
        {
            var (packages, tools) = (Path.Combine(folder.FullName, "packages"), Path.Combine(folder.FullName, "tools"));
            await Command.MustRunAsync(
                "dotnet", "pack", Path.Combine(Built.Root, "src", "Pipeline.Cli"), "--no-build", "--nologo",
                "-c", new DirectoryInfo(AppContext.BaseDirectory).Name, "-o", packages);
            await Command.MustRunAsync(
                "dotnet", "tool", "install", "Pipeline.Cli", "--source", packages, "--tool-path", tools);
            var help = await Command.MustRunAsync(Path.Combine(tools, "pipeline"), "--help");

            Assert.Contains("status", help, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
