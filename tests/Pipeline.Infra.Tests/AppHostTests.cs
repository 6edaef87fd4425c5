using Pipeline.Infra.Tests.Gates;

namespace Pipeline.Infra.Tests;

/// <summary>The gate over apphost.cs.</summary>
public sealed class AppHostTests
{
    [Fact]
    public void ItsResourcesAreWhatTheHostsRead() => BicepTests.None(Findings(Repository.Read("apphost.cs")));

    [Theory]
    [InlineData("\"Pipeline__Store__{store}\"", "\"Pipeline__Stores__{store}\"", "silo needs Pipeline__Store__*")]
    [InlineData("Endpoints__SiloPort", "Endpoints__Port", "Orleans__Endpoints__Port is nothing that silo reads")]
    [InlineData("\"/health/ready\"", "\"/ready\"", "silo does not answer /ready")]
    [InlineData("src/Pipeline.Ingest/Pipeline.Ingest.csproj", "src/Ingest.csproj", "src/Ingest.csproj is not there")]
    [InlineData("\"sample-load\"", "\"postgres\"", "two resources are named postgres")]
    [InlineData("void AddIngest(", "void AddFront(", "no function adds ingest")]
    [InlineData("builder.Build().Run();", "builder.Build().Run()", "CS1002")]
    public void AMistakeIsRefused(string right, string wrong, string expected)
    {
        var text = Repository.Read("apphost.cs");
        Assert.Contains(right, text, StringComparison.Ordinal);
        var found = Findings(text.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains(found, e => e.Contains(expected, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Findings(string text) =>
        new AppHost(text).Check(path => File.Exists(Repository.At(path)));
}
