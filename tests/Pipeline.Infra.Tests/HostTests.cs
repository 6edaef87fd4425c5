using Pipeline.Infra.Tests.Gates;
using Pipeline.Infra.Tests.Templates;

namespace Pipeline.Infra.Tests;

/// <summary>What the templates give to the hosts is what the hosts read and bind.</summary>
public sealed class HostTests
{
    public static TheoryData<string> Hosts => [.. Checks.Hosts.Keys];

    [Theory]
    [MemberData(nameof(Hosts))]
    public void ATemplateGivesWhatItsHostReads(string host)
    {
        var apps = Deployments.Service(host).Resources;
        Assert.NotEmpty(apps);
        TemplateTests.None(apps.SelectMany(app => HostBindings.Check(app, Checks.Hosts[host])));
    }

    [Theory]
    [InlineData("\"Pipeline__Urls\"", "\"Pipeline__Url\"", "Pipeline__Url is nothing that")]
    [InlineData("\"Pipeline__Urls\"", "\"Pipeline__Url\"", "reads Pipeline__Urls, which is not given")]
    [InlineData("\"Orleans__ServiceId\"", "\"Orleans__ClusterId\"", "Orleans__ClusterId is given twice")]
    [InlineData("\"targetPort\": 8080", "\"targetPort\": 8090", "does not listen on 8090")]
    [InlineData("\"path\": \"/health\"", "\"path\": \"/healthz\"", "does not answer /healthz")]
    [InlineData("http://0.0.0.0:8080", "http://0.0.0.0:80", "the probes ask port 8080")]
    [InlineData("\"value\": \"delta\"", "\"value\": \"cumulative\"", "TEMPORALITY_PREFERENCE must be delta")]
    public void ATemplateThatGivesSomethingElseIsRefused(string right, string wrong, string expected)
    {
        var app = Deployments.Service("ingest").With(right, wrong).Resources.Single();
        Assert.Contains(
            HostBindings.Check(app, Checks.Hosts["ingest"]), e => e.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void TheListIsWhatTheSourcesSay(string host)
    {
        var binding = Checks.Hosts[host];
        var probes = binding.ProbesIn is { } file ? Repository.Read(file) : "";
        TemplateTests.None(HostSources.Check(host, binding, Repository.Read(binding.Reader), probes));
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
        var rules = Deployments.Whole("standard").Resources
            .Where(resource => resource.Type == "Microsoft.Insights/scheduledQueryRules").ToList();
        Assert.True(rules.Count > 10, "the alerts were not read");
        TemplateTests.None(rules.SelectMany(rule => rule.Texts("properties.criteria.allOf.query")
            .SelectMany(query => MetricNames.Check(rule.Name, query, Sources))));
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
        "src/Pipeline.Monitoring/Metrics", "src/Pipeline.Http/Problems", "src/Pipeline.Runtime/Metering",
        "src/Pipeline.Storage/Metering",
    }.SelectMany(folder => Repository.Files(folder, ".cs")).Select(Repository.Read));
}
