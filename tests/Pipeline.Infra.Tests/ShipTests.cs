using System.Diagnostics;
using Pipeline.Infra.Tests.Gates;

namespace Pipeline.Infra.Tests;

/// <summary>Images and workflows.</summary>
public sealed class ShipTests
{
    public static TheoryData<string> Projects => [.. Checks.Images.Projects.Keys];

    public static TheoryData<string> Files => [.. Repository.Files(".github/workflows", ".yml")];

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task AnImageIsWhatTheListSays(string project)
    {
        var start = new ProcessStartInfo("dotnet", Images.Command(project))
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        TemplateTests.None(Images.Check(project, output, Checks.Images.Projects[project]));
    }

    [Fact]
    public void AnImageThatIsSomethingElseIsRefused()
    {
        const string Evaluated = """
            {
              "Properties": {
                "ContainerBaseImage": "mcr.microsoft.com/dotnet/aspnet:10.0", "ContainerUser": "root",
                "ContainerRepository": "pipeline-silo", "ContainerImageTag": "latest", "Version": "0.1.0"
              },
              "Items": { "ContainerPort": [ { "Identity": "80" } ], "ContainerLabel": [] }
            }
            """;
        var found = Images.Check("x.csproj", Evaluated, new ImageBinding("pipeline-ingest", [8080])).ToList();
        Assert.Equal(6, found.Count);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void AWorkflowKeepsTheRules(string path) => TemplateTests.None(Workflows.Check(
        path, Repository.Read(path), file => File.Exists(Repository.At(file))));

    [Fact]
    public void AWorkflowThatBreaksTheRulesIsRefused()
    {
        const string Text = """
            jobs:
              all:
                steps:
                  - uses: actions/checkout@main
                  - run: .ci/run
                    env: { KEY: "${{ secrets.AZURE_CREDENTIALS }}" }
            """;
        Assert.Equal(5, Workflows.Check("broken", Text, static _ => false).Count());
    }
}
