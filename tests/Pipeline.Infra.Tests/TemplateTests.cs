using System.Text.Json;
using Pipeline.Infra.Tests.Gates;
using Pipeline.Infra.Tests.Templates;

namespace Pipeline.Infra.Tests;

/// <summary>The gates over the templates, each with an example that it must refuse.</summary>
public sealed class TemplateTests
{
    public static TheoryData<string> Roots => [.. Deployments.Roots];

    [Theory]
    [MemberData(nameof(Roots))]
    public void TheCompilerFindsNothing(string path) => None(Deployments.Said(path));

    [Theory]
    [InlineData("syntax.bicep", "BCP018")]
    [InlineData("types.bicep", "BCP081")]
    [InlineData("types.bicep", "BCP089")]
    [InlineData("types.bicep", "no-hardcoded-location")]
    [InlineData("modules.bicep", "BCP091")]
    [InlineData("modules.bicep", "BCP035")]
    [InlineData("modules.bicep", "BCP037")]
    [InlineData("modules.bicep", "no-unused-params")]
    public void TheCompilerRefusesAMistake(string example, string code) => Assert.Contains(
        BicepCompiler.SaidOf(example), line => line.Contains($" {code}: ", StringComparison.Ordinal));

    [Fact]
    public void EveryTemplateIsDeployedByOne()
    {
        var named = string.Concat(Repository.Files("infra", ".bicep").Select(Repository.Read));
        None(Repository.Files("infra", ".bicep").Where(path => !Deployments.Roots.Contains(path)
            && !named.Contains($"/{Path.GetFileName(path)}'", StringComparison.Ordinal)));
    }

    /// <summary>Every profile is carried out to its last resource: loops, conditions, sizes, names.</summary>
    [Theory]
    [InlineData("dev", 1, "Standard_LRS")]
    [InlineData("standard", 3, "Standard_ZRS")]
    [InlineData("multi-region", 3, "Standard_ZRS")]
    public void AProfileBuysWhatItSays(string profile, int stores, string sku)
    {
        var resources = Deployments.Whole(profile).Resources;
        var accounts = resources.Where(r => r.Type == "Microsoft.Storage/storageAccounts").ToList();
        Assert.Equal(stores + 1, accounts.Count);
        Assert.Equal(stores, accounts.Count(r => r.Texts("sku.name").Single() == sku
            && !r.Name.StartsWith("stz", StringComparison.Ordinal)));
        None(accounts.Where(account => account.At("properties.allowSharedKeyAccess").Single().ValueKind
            != JsonValueKind.False).Select(account => $"{account} takes shared keys"));
        Assert.Single(resources, r => r.Type == "Microsoft.Consumption/budgets");
    }

    [Fact]
    public void EveryRoleIsInTheList()
    {
        var texts = Deployments.Roots.Select(Deployments.Template).SelectMany(template => template.Strings).ToList();
        Assert.Contains(texts, Checks.Roles.ContainsKey);
        None(RoleIds.Check("infra", texts));
    }

    [Fact]
    public void AnUnknownRoleIsRefused() => Assert.Single(RoleIds.Check(
        "broken", ["7f951dda-4ed3-4680-a7ca-43fe172d538d", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "text"]));

    [Fact]
    public void TheSilosOfBothGenerationsHavePortsOfTheirOwn()
    {
        Assert.Equal(20, BothGenerations(silos => silos).Count);
        None(Ports.Check(BothGenerations(silos => silos)));
    }

    [Theory]
    [InlineData("\"exposedPort\": 30010", "\"exposedPort\": 11112", "port 11112 is exposed twice")]
    [InlineData("\"exposedPort\": 11121", "\"exposedPort\": 36985", "port 36985 may not be exposed")]
    [InlineData("\"value\": \"11121\"", "\"value\": \"11111\"", "tells others the ports 11111, 30010, where it is not")]
    public void PortsThatOverlapAreReservedOrUntrueAreRefused(string right, string wrong, string expected) =>
        Assert.Contains(
            Ports.Check(BothGenerations(silos => silos.With(right, wrong))),
            e => e.Contains(expected, StringComparison.Ordinal));

    internal static void None(IEnumerable<string> findings)
    {
        var list = findings.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list));
    }

    private static IReadOnlyList<ArmResource> BothGenerations(Func<Deployment, Deployment> second) =>
        [.. Deployments.Silos("0").Resources, .. second(Deployments.Silos("1")).Resources];
}
