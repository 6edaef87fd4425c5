using Pipeline.Infra.Tests.Gates;
using Pipeline.Infra.Tests.Parsing;

namespace Pipeline.Infra.Tests;

/// <summary>The gates over azure.yaml, the parameter files, and what ties them to the templates.</summary>
public sealed class AzdTests
{
    private static AzureYaml Ours { get; } = new(Repository.Read("azure.yaml"));

    private static IEnumerable<string> Findings(AzureYaml yaml) => yaml.Check(path => Path.Exists(Repository.At(path)));

    /// <summary>What azd sets itself, and what the first deployment gives to the later ones.</summary>
    private static HashSet<string> Variables =>
    [
        .. Checks.Azd.Variables,
        .. BicepParser.Templates()["infra/main.bicep"].Outputs,
        .. Ours.Services.Select(service => $"SERVICE_{service.ToUpperInvariant()}_IMAGE_NAME"),
    ];

    [Fact]
    public void AzureYamlIsValid() => BicepTests.None(Findings(Ours));

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
    public void EveryServiceHasOneTaggedResource() =>
        BicepTests.None(ServiceTags.Check(BicepParser.Templates().Values, Ours.Services));

    [Fact]
    public void TagsThatAreMissingTwiceOrUnknownAreRefused()
    {
        var found = ServiceTags.Check([BicepParser.Broken("tags")], ["silo", "ingest"]).ToList();
        Assert.Contains("2 resources have the tag azd-service-name: silo, not one", found);
        Assert.Contains("0 resources have the tag azd-service-name: ingest, not one", found);
        Assert.Contains(found, e => e.EndsWith("azure.yaml has no service migrat", StringComparison.Ordinal));
        Assert.Contains(found, e => e.Contains("every resource of the loop has the tag", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryParameterIsMapped()
    {
        var files = Repository.Files("infra", ".parameters.json");
        Assert.Equal(4, files.Count);
        BicepTests.None(files.SelectMany(path => ParameterFiles.Check(
            path,
            Repository.Read(path),
            BicepParser.Templates()[path.Replace(".parameters.json", ".bicep", StringComparison.Ordinal)],
            Variables)));
    }

    [Fact]
    public void ParametersThatAreUnknownMissingOrUnsetAreRefused()
    {
        const string Json = """
            { "parameters": { "given": { "value": "${NOBODY_SETS_THIS}" }, "typo": { "value": "${ANY=1}" } } }
            """;
        var found = ParameterFiles.Check("broken", Json, BicepParser.Broken("target"), Variables).ToList();
        Assert.Contains(found, e => e.EndsWith("has no parameter typo", StringComparison.Ordinal));
        Assert.Contains(found, e => e.EndsWith("needs the parameter needed", StringComparison.Ordinal));
        Assert.Contains(found, e => e.EndsWith("nobody sets NOBODY_SETS_THIS for given", StringComparison.Ordinal));
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public void TheRegistryIsNamedWhereAzdLooksForIt() => Assert.Contains(
        "AZURE_CONTAINER_REGISTRY_ENDPOINT", BicepParser.Templates()["infra/main.bicep"].Outputs);
}
