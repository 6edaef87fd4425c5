using Pipeline.Infra.Tests.Gates;
using Pipeline.Infra.Tests.Parsing;

namespace Pipeline.Infra.Tests;

/// <summary>The gates over the templates, each with an example that it must refuse.</summary>
public sealed class BicepTests
{
    [Fact]
    public void EveryTemplateIsWellFormed()
    {
        var templates = BicepParser.Templates();
        Assert.True(templates.Count > 10, $"only {templates.Count} templates are there");
        None(templates.Values.SelectMany(file => file.Errors));
    }

    [Fact]
    public void ABrokenTemplateIsRefused() => Assert.Contains(
        BicepParser.Broken("syntax").Errors, e => e.Contains("syntax.bicep(", StringComparison.Ordinal));

    [Fact]
    public void EveryTypeVersionAndPropertyIsInTheList()
    {
        var templates = BicepParser.Templates().Values.ToList();
        Assert.True(templates.Sum(file => file.Resources.Sum(r => r.Properties.Count())) > 400, "too little was read");
        None(templates.SelectMany(ResourceTypes.Check));
    }

    [Fact]
    public void AnUnknownVersionAndAMisspeltPropertyAreRefused()
    {
        var found = ResourceTypes.Check(BicepParser.Broken("properties")).ToList();
        Assert.Contains(found, e => e.Contains("Microsoft.App/jobs@2099-01-01 is not", StringComparison.Ordinal));
        Assert.Contains(found, e => e.Contains("no properties.allowShareKeyAccess", StringComparison.Ordinal));
        Assert.Contains(found, e => e.Contains("no properties.networkAcls.default ", StringComparison.Ordinal));
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public void TheListNamesNothingThatNoTemplateUses()
    {
        var used = BicepParser.Templates().Values.SelectMany(file => file.Resources).Select(r => r.Type).ToHashSet();
        None(Checks.ResourceTypes.Keys.Where(type => !used.Contains(type)));
    }

    [Fact]
    public void EveryModuleIsThereAndGetsItsParameters()
    {
        var templates = BicepParser.Templates();
        Assert.True(templates["infra/main.bicep"].Modules.Count() >= 10, "the modules of main.bicep were not read");
        None(templates.Values.SelectMany(file => ModulePaths.Check(file, templates)));
    }

    [Fact]
    public void AMissingModuleAndWrongParametersAreRefused()
    {
        var broken = BicepParser.Broken("modules");
        var found = ModulePaths.Check(broken, new Dictionary<string, BicepFile>
        {
            ["tests/Pipeline.Infra.Tests/Broken/target.bicep"] = BicepParser.Broken("target"),
        }).ToList();
        Assert.Contains(found, e => e.EndsWith("the module ./nowhere.bicep is not there", StringComparison.Ordinal));
        Assert.Contains(found, e => e.EndsWith("./target.bicep needs the parameter needed", StringComparison.Ordinal));
        Assert.Contains(found, e => e.EndsWith("./target.bicep has no parameter extra", StringComparison.Ordinal));
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public void EveryRoleIsInTheList()
    {
        var templates = BicepParser.Templates().Values.ToList();
        Assert.Contains(templates.SelectMany(file => file.Strings), Checks.Roles.ContainsKey);
        None(templates.SelectMany(RoleIds.Check));
    }

    [Fact]
    public void AnUnknownRoleIsRefused() => Assert.Single(RoleIds.Check(BicepParser.Broken("roles")));

    [Fact]
    public void TheSilosHavePortsOfTheirOwn() => None(Ports.Check(BicepParser.Templates()["infra/app/silos.bicep"]));

    [Theory]
    [InlineData("ports-twice", "is exposed twice")]
    [InlineData("ports-reserved", "port 36985 may not be exposed")]
    public void PortsThatOverlapOrAreReservedAreRefused(string name, string expected) =>
        Assert.Contains(Ports.Check(BicepParser.Broken(name)), e => e.Contains(expected, StringComparison.Ordinal));

    internal static void None(IEnumerable<string> findings)
    {
        var list = findings.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list));
    }
}
