using Pipeline.Infra.Tests.Gates;
using Pipeline.Infra.Tests.Templates;

namespace Pipeline.Infra.Tests;

/// <summary>The gates over azure.yaml, the parameter files, and what ties them to the templates.</summary>
public sealed class AzdTests
{
    private const StringComparison Exact = StringComparison.Ordinal;

    private static AzureYaml Ours { get; } = new(Repository.Read("azure.yaml"));

    private static IEnumerable<string> Findings(AzureYaml yaml) => yaml.Check(path => Path.Exists(Repository.At(path)));

    /// <summary>What azd sets itself, and what the first deployment gives to the later ones.</summary>
    private static HashSet<string> Variables =>
    [
        .. Checks.Azd.Variables,
        .. Deployments.Template("infra/main.bicep").Outputs,
        .. Ours.Services.Select(service => $"SERVICE_{service.ToUpperInvariant()}_IMAGE_NAME"),
    ];

    [Fact]
    public void AzureYamlIsValid() => TemplateTests.None(Findings(Ours));

    [Theory]
    [InlineData("host: containerapp\n", "host: containerap\n", "services.silo.host must be one of")]
    [InlineData("language: dotnet\n", "language: rust\n", "services.silo.language must be one of")]
    [InlineData("module: app/silos", "module: app/silo", "infra/app/silo.bicep is not there")]
    [InlineData("project: ./src/Pipeline.Silo\n", "project: ./src/Nothing\n", "src/Nothing is not there")]
    [InlineData("uses: [migrate]", "uses: [migrates]", "uses names migrates")]
    [InlineData("predeploy:", "beforedeploy:", "hooks.beforedeploy is no hook")]
    [InlineData("next-generation.sh", "next.sh", "infra/hooks/next.sh is not there")]
    [InlineData("name: pipeline", "name: Pipeline_1", "name must be of small letters")]
    [InlineData("    module: app/silos", "    modul: app/silos", "services.silo.modul is not in")]
    [InlineData("azd: deploy migrate", "azd: deploy --all", "workflows.up does not deploy migrate by itself")]
    [InlineData("- azd: deploy silo\n      - azd: deploy ingest\n", "- azd: deploy ingest\n      - azd: deploy silo\n",
        "deploys ingest before silo")]
    [InlineData("workflows:", "workflow:", "workflow is not in infra/checks/azd.json")]
    public void AMistakeInAzureYamlIsRefused(string right, string wrong, string expected)
    {
        var text = Repository.Read("azure.yaml");
        Assert.Contains(right, text, StringComparison.Ordinal);
        var silo = text.IndexOf("\n  silo:", StringComparison.Ordinal);
        var at = text.IndexOf(right, silo, StringComparison.Ordinal) is var later and >= 0
            ? later : text.IndexOf(right, StringComparison.Ordinal);
        var broken = new AzureYaml(text[..at] + wrong + text[(at + right.Length)..]);
        Assert.Contains(Findings(broken), e => e.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryServiceHasOneTaggedResource() => TemplateTests.None(ServiceTags.Check(
        [.. Ours.Services.SelectMany(service => Deployments.Service(service).Resources)], Ours.Services));

    [Theory]
    [InlineData("\"pipeline-generation\"", "\"azd-service-name\"", "azure.yaml has no service 0")]
    [InlineData("\"azd-service-name\"", "\"service\"", "0 resources have the tag azd-service-name: silo, not one")]
    [InlineData("\"app\": \"pipeline\"", "\"azd-service-name\": \"silo\"", "10 resources have the tag")]
    public void TagsThatAreMissingTooManyOrUnknownAreRefused(string right, string wrong, string expected)
    {
        var silos = Deployments.Silos("0").With(right, wrong).Resources;
        Assert.Contains(ServiceTags.Check(silos, ["silo"]), e => e.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryParameterIsMapped()
    {
        var files = Repository.Files("infra", ".parameters.json");
        Assert.Equal(4, files.Count);
        TemplateTests.None(files.SelectMany(path => ParameterFiles.Check(
            path,
            Repository.Read(path),
            Deployments.Template(path.Replace(".parameters.json", ".bicep", StringComparison.Ordinal)),
            Variables)));
    }

    [Fact]
    public void ParametersThatAreUnknownMissingOrUnsetAreRefused()
    {
        const string Json = """
            {
              "parameters": { "primaryHost": { "value": "${NOBODY_SETS_THIS}" }, "typo": { "value": "${ANY=1}" } }
            }
            """;
        var template = Deployments.Template("infra/multi-region.bicep");
        var found = ParameterFiles.Check("broken", Json, template, Variables).ToList();
        Assert.Contains(found, e => e.EndsWith("has no parameter typo", Exact));
        Assert.Contains(found, e => e.EndsWith("needs the parameter standbyHost", Exact));
        Assert.Contains(found, e => e.EndsWith("nobody sets NOBODY_SETS_THIS for primaryHost", Exact));
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public void WhatAUserMaySetReachesADeploymentByWorkflow() => TemplateTests.None(
        Repository.Files("infra", ".parameters.json").SelectMany(path => Passed(Repository.Read(path))));

    [Fact]
    public void AVariableThatIsNotPassedOnIsRefused() =>
        Assert.Equal(2, Passed("""{ "value": "${NOT_PASSED_ON=}" } { "value": "${PIPELINE_PROFILE=dev}" }""").Count());

    private static IEnumerable<string> Passed(string json) => ParameterFiles.Passed(
        json,
        new HashSet<string>([.. Variables, .. SetByHooks]),
        Repository.Read("azure.yaml"),
        Repository.Read(".github/workflows/release.yml"));

    private static IEnumerable<string> SetByHooks => Repository.Files("infra/hooks", ".sh").Select(Repository.Read)
        .SelectMany(text => text.Split('\n')).Where(line => line.StartsWith("azd env set ", StringComparison.Ordinal))
        .Select(line => line.Split(' ')[3]);

    [Fact]
    public void TheRegistryIsNamedWhereAzdLooksForIt() => Assert.Contains(
        "AZURE_CONTAINER_REGISTRY_ENDPOINT", Deployments.Template("infra/main.bicep").Outputs);
}
