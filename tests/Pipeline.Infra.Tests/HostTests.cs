using Pipeline.Infra.Tests.Gates;
using Pipeline.Infra.Tests.Parsing;

namespace Pipeline.Infra.Tests;

/// <summary>What the templates give to the hosts is what the hosts read and bind.</summary>
public sealed class HostTests
{
    public static TheoryData<string> Hosts => [.. Checks.Hosts.Keys];

    [Theory]
    [MemberData(nameof(Hosts))]
    public void ATemplateGivesWhatItsHostReads(string host)
    {
        var app = BicepParser.Templates().Values.SelectMany(file => file.Resources).Single(resource =>
            resource.Properties.Any(p => p.Path == "tags.azd-service-name" && p.Value.Word == host));
        BicepTests.None(HostBindings.Check(app, Checks.Hosts[host]));
    }

    [Fact]
    public void ATemplateThatGivesSomethingElseIsRefused()
    {
        var app = BicepParser.Broken("bindings").Resources.Single();
        var found = HostBindings.Check(app, Checks.Hosts["ingest"]).ToList();
        Assert.Contains(found, e => e.Contains("Pipeline__Url is nothing that", StringComparison.Ordinal));
        Assert.Contains(found, e => e.Contains("reads Pipeline__Urls, which is not given", StringComparison.Ordinal));
        Assert.Contains(found, e => e.Contains("does not listen on 8090", StringComparison.Ordinal));
        Assert.Contains(found, e => e.Contains("does not answer /healthz", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void TheListIsWhatTheSourcesSay(string host)
    {
        var binding = Checks.Hosts[host];
        var probes = binding.ProbesIn is { } file ? Repository.Read(file) : "";
        BicepTests.None(HostSources.Check(host, binding, Repository.Read(binding.Reader), probes));
    }

    [Fact]
    public void ASourceThatReadsOtherThingsIsRefused()
    {
        const string Reader = """section["Urls"] section["Dat"] "ClusterId" """;
        var found = HostSources.Check("silo", Checks.Hosts["silo"], Reader, "\"/health/ready\"").ToList();
        Assert.Contains(found, e => e.Contains("does not read Pipeline__Data", StringComparison.Ordinal));
        Assert.Contains(found, e => e.Contains("reads Pipeline:Dat, which", StringComparison.Ordinal));
        Assert.Contains(found, e => e.Contains("does not answer /health/live", StringComparison.Ordinal));
    }

    [Fact]
    public void AlertsNameOnlyWhatIsExported()
    {
        const string Path = "infra/modules/alerts.bicep";
        var text = Repository.Read(Path);
        Assert.Contains("\"pipeline.store.voting\"", text, StringComparison.Ordinal);
        BicepTests.None(MetricNames.Check(Path, text, Sources));
    }

    [Theory]
    [InlineData("where Name == \"pipeline.store.votes\"", "nothing exports pipeline.store.votes")]
    [InlineData("Name == \"pipeline.store.latency\"", "nothing exports pipeline.store.latency")]
    [InlineData("tostring(Properties.outcome) in (\"store-gone\")", "nothing exports store-gone")]
    public void AnAlertOnSomethingElseIsRefused(string query, string expected) => Assert.Contains(
        MetricNames.Check("broken", query, Sources), e => e.Contains(expected, StringComparison.Ordinal));

    /// <summary>The sources that name metrics, outcomes and problems.</summary>
    private static string Sources { get; } = string.Concat(new[]
    {
        "src/Pipeline.Http/Metrics", "src/Pipeline.Http/Problems", "src/Pipeline.Runtime/Metering",
        "src/Pipeline.Storage/Metering",
    }.SelectMany(folder => Repository.Files(folder, ".cs")).Select(Repository.Read));
}
